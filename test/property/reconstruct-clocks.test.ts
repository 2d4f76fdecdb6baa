import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Launch, Span } from '../../src/core/launch.ts'
import { PHASES } from '../../src/core/launch.ts'
import { CORPUS, EXAMPLES } from '../support/corpus.ts'
import { nameOf, rebuild, withClocks } from '../support/reconstruction.ts'
import { factsOf } from '../support/scored.ts'

/* Clocks that disagree: what a launch is must not depend on what its hosts take for the time. */

const RECORDINGS = [
  ...EXAMPLES,
  ...CORPUS.filter(({ name }) => ['zed-ovs-info', 'zed-ovn-uwsgi-info', 'zed-ovn-debug'].includes(name)),
]

/** What lies between two hosts is only known as well as their clocks are. Seconds. */
const ALLOWED = 0.3

/** Hosts that make enough launches for their clocks to be known; others are left as they are. */
const HOSTS = ['compute-1', 'compute-2', 'controller-1']

function gist(launch: Launch): object {
  const { outcome, failure, attempts, requestId, host, portIds, volumeIds } = launch
  const hosts = attempts.map(attempt => ({ host: attempt.host, outcome: attempt.outcome }))
  const why = failure && { phase: failure.phase, cause: failure.cause, host: failure.host }
  return { name: nameOf(launch), requestId, outcome, why, hosts, host, portIds, volumeIds }
}

/** Spans of work that one compute node did and timed by itself. */
function ownWork({ spans }: Launch): ReadonlyMap<string, Span> {
  const names = ['claim', 'image', 'config_drive', 'domain_start']
  const isMeasured = ({ edges }: Span): boolean => edges.start === 'measured' && edges.end === 'measured'
  const isAlone = ({ evidence }: Span): boolean =>
    new Set(evidence.map(({ host, source }) => `${host}/${source}`)).size === 1
  const own = spans.filter(span => names.includes(span.name) && isMeasured(span) && isAlone(span))
  return new Map(own.map(span => [span.spanId, span]))
}

function expectSameTimes(launch: Launch, expected: Launch): void {
  const told = nameOf(launch)
  // A phase of a few milliseconds between two hosts may come and go; a longer one may not.
  for (const phase of PHASES) {
    const difference = Math.abs((launch.phases[phase] ?? 0) - (expected.phases[phase] ?? 0))
    expect(difference, `${phase} of ${told}`).toBeLessThan(ALLOWED)
  }
  expect(Math.abs((launch.durationSeconds ?? 0) - (expected.durationSeconds ?? 0)), told).toBeLessThan(ALLOWED)
  const now = ownWork(launch)
  for (const [id, span] of ownWork(expected)) {
    const seconds = now.get(id)?.durationSeconds
    if (seconds !== undefined) expect(seconds, `${span.name} of ${told}`).toBe(span.durationSeconds)
  }
}

describe.each(RECORDINGS)('launches of $name', async recorded => {
  const { signals } = await factsOf(recorded)
  const launches = rebuild(signals)
  const expected = new Map(launches.map(launch => [nameOf(launch), launch]))
  const canTell = launches.filter(({ outcome }) => outcome === 'active').length > 3
  const aHost = fc.constantFrom(...(canTell ? HOSTS : ['compute-1']))
  const hour = fc.integer({ min: -3_600_000, max: 3_600_000 }).map(ms => ms / 1000)
  const second = fc.integer({ min: -1000, max: 1000 }).map(ms => ms / 1000)

  test('are the same whatever the time is on one of the hosts', () => {
    const law = (host: string, ahead: number): void => {
      const found = rebuild(withClocks(signals, { [host]: ahead }))
      const byName = (a: Launch, b: Launch): number => (nameOf(a) < nameOf(b) ? -1 : 1)
      expect(found.toSorted(byName).map(gist)).toEqual(launches.toSorted(byName).map(gist))
      for (const launch of found) expectSameTimes(launch, expected.get(nameOf(launch)) ?? launch)
    }
    fc.assert(fc.property(aHost, fc.oneof(hour, second), law), { numRuns: signals.length > 4000 ? 4 : 12 })
  })
})
