import { describe, expect, test } from 'vitest'
import type { Signal } from '../../../src/core/signal.ts'
import { ClockEstimator, clockOf, correctedAt } from '../../../src/reconstruct/clocks.ts'
import type { ClockOffsets } from '../../../src/reconstruct/clocks.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { makeSignal, NOON, requestOf, uuidOf } from '../../support/store.ts'

type Given = Partial<Signal>

const CONTROLLER: Given = { host: 'controller-1' }

/** The moments of one build on a compute node that bound its clock from both sides; real ones lie closer together. */
function build(index: number, host = 'compute-1'): readonly Signal[] {
  const instances = [uuidOf(`instance ${String(index)}`)]
  const request = requestOf(`request ${String(index)}`)
  const start = plusSeconds(NOON, index * 60)
  const say = (seconds: number, name: string, given: Given = {}): Signal =>
    makeSignal({ name, at: plusSeconds(start, seconds), instances, request, host, ...given })
  const event = { event: 'network-vif-plugged' }
  const saved = { state: 'active', old_state: 'building' }
  return [
    say(0.2, 'access.nova.create', { ...CONTROLLER, service: 'nova-api', instances: [] }),
    say(0.3, 'nova.scheduler.selected', { ...CONTROLLER, service: 'nova-scheduler' }),
    say(0.31, 'nova.compute.claim.ok'),
    say(0.35, 'notif.neutron.port.create.start', { ...CONTROLLER, service: 'neutron-server', source: 'notification' }),
    say(3, 'nova.api.external_event', { ...CONTROLLER, service: 'nova-api', attributes: event }),
    say(3.01, 'nova.compute.lifecycle', { attributes: { state: 'Resumed' } }),
    say(3.05, 'nova.compute.spawn.took'),
    say(3.07, 'notif.nova.v.update', { ...CONTROLLER, service: 'nova-conductor', attributes: saved }),
    say(3.09, 'nova.compute.build.took'),
  ]
}

function shifted(signals: readonly Signal[], host: string, seconds: number): readonly Signal[] {
  return signals.map(signal => (signal.host === host ? { ...signal, at: plusSeconds(signal.at, seconds) } : signal))
}

function learn(signals: readonly Signal[]): ClockOffsets {
  const estimator = new ClockEstimator()
  for (const signal of signals.toSorted((a, b) => a.at - b.at)) estimator.add(signal)
  return estimator.offsets()
}

function offsetOf(offsets: ClockOffsets, host: string): number {
  return (offsets.get(`${host}/log`) ?? 0) / 1e6
}

const builds = Array.from({ length: 20 }, (_, index) => build(index)).flat()

describe('the clocks of hosts', () => {
  test('are left as they are when nothing says that they disagree', () => {
    expect(learn(builds)).toEqual(new Map())
  })

  test.each([3.2, -1.7, 0.4, -0.4, 47, 3600, -3600])('are found to be %d s ahead, to a fraction of a second', ahead => {
    const offset = offsetOf(learn(shifted(builds, 'compute-1', ahead)), 'compute-1')
    expect(Math.abs(offset - ahead)).toBeLessThan(0.05)
  })

  test('are known from one build alone', () => {
    expect(Math.abs(offsetOf(learn(shifted(build(0), 'compute-1', 3.2)), 'compute-1') - 3.2)).toBeLessThan(0.05)
  })

  test('are measured against the host that answers the clients, whichever of them is wrong', () => {
    const offsets = learn(shifted(builds, 'controller-1', 5))
    expect(offsetOf(offsets, 'controller-1')).toBe(0)
    expect(Math.abs(offsetOf(offsets, 'compute-1') + 5)).toBeLessThan(0.05)
  })

  test('are found each by itself when several disagree', () => {
    const second = Array.from({ length: 20 }, (_, index) => build(100 + index, 'compute-2')).flat()
    const both = shifted(shifted([...builds, ...second], 'compute-1', 3.2), 'compute-2', -1.7)
    const offsets = learn(both)
    expect(Math.abs(offsetOf(offsets, 'compute-1') - 3.2)).toBeLessThan(0.05)
    expect(Math.abs(offsetOf(offsets, 'compute-2') + 1.7)).toBeLessThan(0.05)
  })

  test('outvote one order that does not hold', () => {
    const late = (signal: Signal): Signal =>
      signal.name === 'notif.neutron.port.create.start' ? { ...signal, at: plusSeconds(signal.at, -30) } : signal
    expect(Math.abs(offsetOf(learn(builds.map(late)), 'compute-1'))).toBeLessThan(0.05)
    const offset = offsetOf(learn(shifted(builds.map(late), 'compute-1', 3.2)), 'compute-1')
    expect(Math.abs(offset - 3.2)).toBeLessThan(0.05)
  })

  test('are not learned from builds that were tried on several hosts, where moments of two tries are mixed', () => {
    const again = build(0, 'compute-2').map(signal => ({ ...signal, at: plusSeconds(signal.at, 10) }))
    expect(learn([...build(0), ...again])).toEqual(new Map())
  })

  test('of hosts that nothing ties to the others are left as they are', () => {
    const lonely = makeSignal({ name: 'ovn.claim', host: 'compute-9', ports: [uuidOf('a port')], instances: [] })
    expect(learn([...builds, lonely])).toEqual(new Map())
  })

  test('are taken off the times of their own facts only', () => {
    const offsets = new Map([['compute-1/log', 3_200_000]])
    const [there, here] = [makeSignal({ host: 'compute-1' }), makeSignal({ host: 'controller-1' })]
    expect([clockOf(there), correctedAt(there, offsets) - there.at]).toEqual(['compute-1/log', -3_200_000])
    expect([clockOf(here), correctedAt(here, offsets) - here.at]).toEqual(['controller-1/log', 0])
  })
})
