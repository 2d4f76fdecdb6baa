import { expect, test } from 'vitest'
import { launchOf, posted, REQUEST, say, secondsAt, CONDUCTOR, deleted } from './story.ts'
import { requestOf } from '../../support/store.ts'

const SECOND = { host: 'compute-2' }

const failedFirst = [
  posted(0.5),
  say(1, 'notif.nova.v.create.start', { source: 'notification' }),
  say(1.1, 'nova.compute.claim.ok'),
  say(2, 'nova.compute.build.failed', {
    attributes: { exception: 'libvirt.libvirtError', exception_text: 'internal error: qemu' },
  }),
  say(2.5, 'nova.conductor.last_host_error', { ...CONDUCTOR, attributes: { host: 'compute-1' } }),
]

test('a build that is rescheduled is an attempt on each host, in order', () => {
  const launch = launchOf([
    ...failedFirst,
    say(3, 'nova.compute.claim.ok', SECOND),
    say(6, 'nova.compute.build.took', { ...SECOND, attributes: { took_seconds: '3.1' } }),
  ])
  expect(launch).toMatchObject({ outcome: 'active', host: 'compute-2', failure: undefined })
  expect(
    launch.attempts.map(({ host, outcome, startedAt, endedAt }) => [
      host,
      outcome,
      secondsAt(startedAt),
      secondsAt(endedAt),
    ]),
  ).toEqual([
    ['compute-1', 'error', 1, 2],
    ['compute-2', 'active', 2.9, 6],
  ])
  expect(launch.phases.reschedule).toBeCloseTo(0.9)
})

test('the failure of a launch is that of its last attempt', () => {
  const launch = launchOf([
    ...failedFirst,
    say(3, 'nova.compute.claim.ok', SECOND),
    say(4, 'nova.compute.build.failed', {
      ...SECOND,
      attributes: { exception: 'PortBindingFailed', exception_text: 'Binding failed for port' },
    }),
    say(5, 'nova.conductor.set_error', { ...CONDUCTOR, attributes: { exception: 'MaxRetriesExceeded' } }),
  ])
  expect(launch.failure).toMatchObject({ phase: 'network', cause: 'port_binding_failed', host: 'compute-2' })
  expect(launch.attempts.map(({ outcome }) => outcome)).toEqual(['error', 'error'])
})

test('a short and a full name are one host', () => {
  const launch = launchOf([
    posted(0.5),
    say(1, 'nova.compute.claim.ok', { host: 'compute-1' }),
    say(4, 'notif.nova.v.create.end', { host: 'compute-1.example.org', source: 'notification' }),
  ])
  expect(launch.attempts.map(({ host }) => host)).toEqual(['compute-1.example.org'])
})

test('where nova-compute is not heard, the host of the event that wakes the guest is the one that was tried', () => {
  const event = (name: string): object => ({
    service: 'nova-api',
    host: 'controller-1',
    requestMeaning: 'other',
    request: '',
    attributes: { event: name, host: 'compute-7' },
  })
  const claimed = say(1, 'access.placement.claim', {
    service: 'placement-api',
    host: 'controller-1',
    request: requestOf('a request to placement'),
    globalRequest: REQUEST,
  })
  expect(launchOf([posted(0.5), claimed, say(3, 'nova.api.external_event', event('network-vif-plugged'))]).host).toBe(
    'compute-7',
  )
  expect(launchOf([posted(0.5), claimed, say(3, 'nova.api.external_event', event('network-vif-unplugged'))]).host).toBe(
    '',
  )
})

test('an attempt that begins although the instance was deleted ends when it begins, not before', () => {
  const launch = launchOf([posted(0.5), deleted(0.9), say(1, 'notif.nova.v.create.start', { source: 'notification' })])
  expect(launch.outcome).toBe('deleted')
  expect(launch.attempts.map(({ startedAt, endedAt }) => [secondsAt(startedAt), secondsAt(endedAt)])).toEqual([[1, 1]])
})
