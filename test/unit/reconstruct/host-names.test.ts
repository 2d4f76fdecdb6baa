import { expect, test } from 'vitest'
import type { Signal } from '../../../src/core/signal.ts'
import { HostNameLearner, isSameHost } from '../../../src/reconstruct/host-names.ts'
import { uuidOf } from '../../support/store.ts'
import { launchesOf, posted, say } from './story.ts'

test.each([
  ['compute-1', 'compute-1', true],
  ['compute-1', 'compute-1.example.org', true],
  ['compute-1', 'compute-10', false],
  ['node-a.dc1.example.org', 'node-a.dc2.example.org', false],
  ['10.0.0.11', '10.0.0.12', false],
  ['10', '10.0.0.12', false],
  ['', 'compute-1', false],
])('%j and %j are one host: %j', (a, b, expected) => {
  expect(isSameHost(a, b)).toBe(expected)
  expect(isSameHost(b, a)).toBe(expected)
})

function claimed(instance: string, host: string, node: string): Signal {
  return say(1, 'nova.compute.claim.ok', { host, instances: [uuidOf(instance)], attributes: { node } })
}

function announced(instance: string, host: string): Signal {
  return say(0.9, 'notif.nova.v.create.start', { host, source: 'notification', instances: [uuidOf(instance)] })
}

function learn(signals: readonly Signal[]): readonly (readonly [string, string])[] {
  const learner = new HostNameLearner()
  for (const signal of signals) learner.add(signal)
  return [...learner.names()]
}

test('a folder is given the name under which nova announces what was claimed in it', () => {
  const seen = ['a', 'b', 'c'].flatMap(name => [announced(name, 'compute-1'), claimed(name, 'rack1a', 'hypervisor-7')])
  expect(learn(seen)).toEqual([['rack1a', 'compute-1']])
})

test('without notifications it is given the name of its only hypervisor', () => {
  expect(learn([claimed('a', '10.0.0.11', 'compute-1'), claimed('b', '10.0.0.11', 'compute-1')])).toEqual([
    ['10.0.0.11', 'compute-1'],
  ])
  expect(learn([claimed('a', 'ironic-1', 'metal-1'), claimed('b', 'ironic-1', 'metal-2')])).toEqual([])
})

test('a build that was tried on two hosts teaches nothing', () => {
  const twice = [
    announced('a', 'compute-1'),
    announced('a', 'compute-2'),
    claimed('a', 'x', 'n1'),
    claimed('a', 'y', 'n2'),
  ]
  const names = learn([...twice, announced('b', 'compute-1'), claimed('b', 'x', 'n1')])
  expect(names).toContainEqual(['x', 'compute-1'])
  expect(names).not.toContainEqual(['x', 'compute-2'])
})

test('a host whose logs lie under another name was tried once', () => {
  const signals = [
    posted(0.5),
    say(0.9, 'notif.nova.v.create.start', { host: 'compute-1', source: 'notification' }),
    say(1, 'nova.compute.claim.ok', { host: 'rack1a', attributes: { node: 'compute-1' } }),
    say(5, 'nova.compute.build.took', { host: 'rack1a', attributes: { took_seconds: '4.2' } }),
  ]
  const learner = new HostNameLearner()
  for (const signal of signals) learner.add(signal)
  const [launch] = launchesOf(signals, { hostNames: learner.names() })
  expect(launch?.attempts.map(({ host }) => host)).toEqual(['compute-1'])
})
