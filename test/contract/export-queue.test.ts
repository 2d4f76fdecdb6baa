import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ExportQueue } from '../../collector/live/export-queue.ts'
import type { Launch } from '../../src/core/launch.ts'
import { ExportRefusedError, ExportUnavailableError } from '../../src/export/errors.ts'
import type { EmbeddedStore } from '../../src/store/embedded.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { makeLaunch, makeTemporaryDirectory } from '../support/store.ts'
import { recordTelemetry } from '../support/telemetry.ts'

let directory = ''
let store: EmbeddedStore
const ends: (() => Promise<void>)[] = []

beforeEach(async () => {
  directory = makeTemporaryDirectory()
  store = await openEmbeddedStore({ directory })
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

function start(send: (launch: Launch) => Promise<void>, collector = 'one'): ExportQueue {
  const exporter = { send, close: () => Promise.resolve() }
  const queue = new ExportQueue({ store, exporter, telemetry: recordTelemetry(), collector, settleMs: 0 })
  const stop = new AbortController()
  const done = queue.run(stop.signal)
  ends.push(() => {
    stop.abort()
    return done
  })
  return queue
}

/** Began just now: what is older than a day is not sent by itself. */
async function put(name: string, given: Partial<Launch> = {}): Promise<Launch> {
  const launch = makeLaunch(name, { startedAt: await store.now(), ...given })
  const scope = { instances: [launch.instanceId ?? ''], requests: [launch.requestId], readAt: await store.now() }
  await store.replaceLaunches(scope, [launch])
  return launch
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20)
}

test('every finished launch is sent once, those that nobody told of too', async () => {
  const missed = await put('stored before the start')
  const sent: string[] = []
  const queue = start(launch => {
    sent.push(launch.traceId)
    return Promise.resolve()
  })
  await until(() => sent.length === 1)
  const told = await put('told of')
  queue.saw([told])
  queue.saw([told])
  const open = await put('still open', { outcome: 'in_progress' })
  queue.saw([open])
  await until(() => sent.length === 2)
  queue.saw([told, missed])
  await sleep(600)
  expect(sent).toEqual([missed.traceId, told.traceId])
})

test('a back end that is away is tried again, and a launch that it refuses holds up no other', async () => {
  const sent: string[] = []
  let failures = 2
  const refused = await put('refused')
  const queue = start(launch => {
    if (launch.traceId === refused.traceId)
      return Promise.reject(new ExportRefusedError('url', { status: 400, said: 'no', cause: undefined }))
    failures -= 1
    if (failures >= 0) return Promise.reject(new ExportUnavailableError('url', { said: 'away', advice: 'Wait.' }))
    sent.push(launch.traceId)
    return Promise.resolve()
  })
  const launch = await put('accepted')
  queue.saw([refused, launch])
  await until(() => sent.length === 1)
  expect(sent).toEqual([launch.traceId])
})

test('collectors of one store share the launches, and one that is gone leaves its share to the others', async () => {
  const sent = { one: 0, two: 0 }
  const count = (collector: 'one' | 'two') => (): Promise<void> => {
    sent[collector] += 1
    return Promise.resolve()
  }
  await store.noteProgress('one', await store.now())
  await store.noteProgress('two', await store.now())
  const queues = [start(count('one'), 'one'), start(count('two'), 'two')]
  await sleep(300)
  for (let index = 0; index < 20; index += 1) {
    const launch = await put(`shared ${String(index)}`)
    for (const queue of queues) queue.saw([launch])
  }
  await until(() => sent.one + sent.two === 20)
  expect(sent.one).toBeGreaterThan(0)
  expect(sent.two).toBeGreaterThan(0)
})
