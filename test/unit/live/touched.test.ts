import { expect, test } from 'vitest'
import { Touched } from '../../../collector/live/touched.ts'
import type { Seed } from '../../../src/store/store.ts'
import { makeSignal, requestOf, uuidOf } from '../../support/store.ts'

const instance = uuidOf('an instance')
const request = requestOf('a request')

async function resolve(touched: Touched, seeds: readonly Seed[] = []): Promise<readonly string[]> {
  const asked: string[] = []
  await touched.resolveLinks(100, links => {
    asked.push(...links)
    return Promise.resolve(seeds)
  })
  return asked
}

async function take(touched: Touched, most = 100): Promise<readonly Seed[]> {
  const taken: Seed[] = []
  await touched.rebuildSeeds(most, seeds => {
    taken.push(...seeds)
    return Promise.resolve()
  })
  return taken
}

test('a proof touches its launch by itself, and every signal those that looked its links up', async () => {
  const touched = new Touched()
  touched.addSignals([
    makeSignal({ name: 'nova.compute.claim.ok', instances: [instance] }),
    makeSignal({ name: 'access.nova.create', request }),
    makeSignal({ name: 'neutron.ovn.up', ports: ['a-port'] }),
  ])
  const other: Seed = { kind: 'instance', value: uuidOf('whose port it is') }
  expect(await resolve(touched, [other])).toEqual([`instance:${instance}`, `request:${request}`, 'port:a-port'])
  expect(await take(touched)).toEqual([
    { kind: 'instance', value: instance },
    { kind: 'request', value: request },
    other,
  ])
  expect(touched.size).toBe(0)
})

test('what fails waits as before', async () => {
  const touched = new Touched()
  touched.addArrivals([`instance:${instance}`])
  await expect(touched.resolveLinks(10, () => Promise.reject(new Error('away')))).rejects.toThrow()
  await expect(touched.rebuildSeeds(10, () => Promise.reject(new Error('away')))).rejects.toThrow()
  expect(touched.size).toBe(2)
  expect(await resolve(touched)).toEqual([`instance:${instance}`])
  expect(await take(touched)).toEqual([{ kind: 'instance', value: instance }])
})

test('what comes after a seal waits behind what was sealed', async () => {
  const touched = new Touched()
  touched.addSignals([makeSignal({ instances: ['first'] })])
  touched.seal()
  touched.addSignals([makeSignal({ instances: ['second'] })])
  expect(await resolve(touched)).toEqual(['instance:first'])
  expect(touched.isSealedDone).toBe(false)
  expect(await take(touched)).toEqual([{ kind: 'instance', value: 'first' }])
  expect(touched.isSealedDone).toBe(true)
  await resolve(touched)
  expect(await take(touched)).toEqual([{ kind: 'instance', value: 'second' }])
})
