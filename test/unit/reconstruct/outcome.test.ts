import { expect, test } from 'vitest'
import { plusSeconds } from '../../../src/core/time.ts'
import { NOON } from '../../support/store.ts'
import { CONDUCTOR, deleted, launchOf, posted, say, secondsAt } from './story.ts'

const claimed = [
  posted(0.5),
  say(1, 'notif.nova.v.create.start', { source: 'notification' }),
  say(1.2, 'nova.compute.claim.ok'),
]
const took = say(6, 'nova.compute.build.took', { attributes: { took_seconds: '5' } })
const failed = say(3, 'nova.compute.build.failed', {
  attributes: { exception: 'OSError', exception_text: 'No space left on device' },
})

test('a launch is active when nova-compute says that it took so long to build', () => {
  const launch = launchOf([...claimed, took])
  expect(launch).toMatchObject({ outcome: 'active', durationSeconds: 6, failure: undefined })
  expect(secondsAt(launch.endedAt)).toBe(6)
})

test('a launch is active when its saved state says so', () => {
  const saved = say(5, 'notif.nova.v.update', {
    ...CONDUCTOR,
    source: 'notification',
    attributes: { state: 'active', old_state: 'building' },
  })
  expect(launchOf([...claimed, saved])).toMatchObject({ outcome: 'active', durationSeconds: 5 })
})

test('a delete before ACTIVE wins, also when the build runs on to its end', () => {
  const launch = launchOf([...claimed, deleted(3), took])
  expect(launch).toMatchObject({ outcome: 'deleted', failure: undefined })
  expect(secondsAt(launch.endedAt)).toBeCloseTo(2.9)
})

test('a delete after ACTIVE changes nothing', () => {
  expect(launchOf([...claimed, took, deleted(8)])).toMatchObject({ outcome: 'active', durationSeconds: 6 })
})

test('a build that fails because its instance is gone was deleted, not broken', () => {
  const gone = say(3, 'nova.compute.build.failed', {
    attributes: { exception: 'InstanceNotFound', exception_text: 'Instance could not be found.' },
  })
  expect(launchOf([...claimed, gone, deleted(4)])).toMatchObject({ outcome: 'deleted', failure: undefined })
})

test('a restart of nova-compute ends the builds that it had in hand', () => {
  const launch = launchOf(claimed, { restarts: [{ host: 'compute-1', at: plusSeconds(NOON, 40) }] })
  expect(launch).toMatchObject({ outcome: 'error', failure: { cause: 'compute_restarted', host: 'compute-1' } })
  expect(secondsAt(launch.endedAt)).toBe(40)
})

test('a restart on another host, or one that came before, ends nothing', () => {
  const restarts = [
    { host: 'compute-2', at: plusSeconds(NOON, 40) },
    { host: 'compute-1', at: plusSeconds(NOON, -40) },
  ]
  expect(launchOf([...claimed, took], { restarts }).outcome).toBe('active')
  expect(launchOf(claimed, { restarts, asOf: plusSeconds(NOON, 100) }).outcome).toBe('in_progress')
})

test('a launch that went silent is lost, with the last thing known of it', () => {
  const launch = launchOf(claimed, { asOf: plusSeconds(NOON, 7200) })
  expect(launch).toMatchObject({ outcome: 'lost', failure: { cause: 'went_silent', service: 'nova-compute' } })
  expect(secondsAt(launch.endedAt)).toBe(1.2)
})

test('a launch that is silent for no longer than nova waits by itself is in progress', () => {
  const launch = launchOf(claimed, { asOf: plusSeconds(NOON, 300) })
  expect(launch).toMatchObject({
    outcome: 'in_progress',
    endedAt: undefined,
    durationSeconds: undefined,
    failure: undefined,
  })
})

test('a failed build without a retry is an error although nobody says that it is over', () => {
  const launch = launchOf([...claimed, failed, say(3.2, 'nova.compute.alloc.deleted')])
  expect(launch).toMatchObject({ outcome: 'error', failure: { cause: 'disk_full', phase: 'image', host: 'compute-1' } })
})

test('a failed build that was handed back a moment ago may still be tried elsewhere', () => {
  const back = say(3.5, 'nova.conductor.last_host_error', { ...CONDUCTOR, attributes: { host: 'compute-1' } })
  expect(launchOf([...claimed, failed, back], { asOf: plusSeconds(NOON, 10) }).outcome).toBe('in_progress')
  expect(launchOf([...claimed, failed, back], { asOf: plusSeconds(NOON, 300) }).outcome).toBe('error')
})

test('what the conductor says last ends the launch', () => {
  const end = say(4, 'nova.conductor.set_error', {
    ...CONDUCTOR,
    attributes: { exception: 'NoValidHost', exception_text: 'No valid host was found.' },
  })
  const launch = launchOf([posted(0.5), end])
  expect(launch).toMatchObject({ outcome: 'error', failure: { phase: 'schedule', cause: 'no_valid_host' }, host: '' })
  expect(secondsAt(launch.endedAt)).toBe(4)
})

test('a launch whose beginning is missing begins with the first thing known of it', () => {
  const saved = say(4, 'notif.nova.v.update', {
    ...CONDUCTOR,
    source: 'notification',
    attributes: { state: 'error', old_state: 'building' },
  })
  const broken = say(3, 'notif.nova.v.create.error', { source: 'notification', attributes: { exception: 'OSError' } })
  const launch = launchOf([broken, saved])
  expect([secondsAt(launch.startedAt), launch.outcome]).toEqual([3, 'error'])
  expect(launch.durationSeconds).toBeGreaterThanOrEqual(0)
})
