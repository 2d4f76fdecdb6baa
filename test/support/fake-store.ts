import { PHASES } from '../../src/core/launch.ts'
import type { Launch, Phase } from '../../src/core/launch.ts'
import { linksOf } from '../../src/core/links.ts'
import type { Signal } from '../../src/core/signal.ts'
import { micros } from '../../src/core/time.ts'
import type {
  LaunchFilter,
  LaunchScope,
  PhaseLatency,
  Seed,
  SeedProofs,
  Store,
  TimeRange,
  HostSummary,
  RangeSummary,
} from '../../src/store/store.ts'

/** Batches of two show what happens between batches. */
const BATCH = 2
const FOUND_AT_MOST = 50
const SHORTEST_PREFIX = 4

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function byTime(a: Signal, b: Signal): number {
  return a.at - b.at || compare(a.id, b.id)
}

function byStart(a: Launch, b: Launch): number {
  return a.startedAt - b.startedAt || compare(a.instanceId ?? '', b.instanceId ?? '') || compare(a.traceId, b.traceId)
}

function bySlowness(a: Launch, b: Launch): number {
  return (b.durationSeconds ?? 0) - (a.durationSeconds ?? 0) || byStart(a, b)
}

// eslint-disable-next-line @typescript-eslint/require-await -- in memory there is nothing to wait for
async function* inBatches<Item>(items: readonly Item[], size: number): AsyncGenerator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

function matches(launch: Launch, filter: LaunchFilter): boolean {
  return (
    (filter.since === undefined || launch.startedAt >= filter.since) &&
    (filter.until === undefined || launch.startedAt < filter.until) &&
    (filter.outcome === undefined || launch.outcome === filter.outcome) &&
    (filter.host === undefined || launch.host === filter.host) &&
    (filter.project === undefined || launch.projectId === filter.project) &&
    (filter.instance === undefined || launch.instanceId?.startsWith(filter.instance) === true) &&
    (filter.slowest === undefined || launch.durationSeconds !== undefined)
  )
}

function select(launches: readonly Launch[], filter: LaunchFilter): readonly Launch[] {
  const found = launches.filter(launch => matches(launch, filter))
  const sorted =
    filter.slowest === undefined ? found.toSorted(byStart) : found.toSorted(bySlowness).slice(0, filter.slowest)
  return sorted.slice(0, filter.limit).map(launch => ({ ...launch, spans: [] }))
}

function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (high - low) * (at - Math.floor(at))
}

function latencyOf(phase: Phase | 'launch', times: readonly number[]): PhaseLatency {
  const sorted = times.toSorted((a, b) => a - b)
  const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map(share => quantile(sorted, share))
  return { phase, launches: sorted.length, p50, p95, p99 }
}

function latencies(launches: readonly Launch[]): readonly PhaseLatency[] {
  const ended = launches.filter(({ durationSeconds }) => durationSeconds !== undefined)
  const whole = ended.map(({ durationSeconds = 0 }) => durationSeconds)
  const phases = PHASES.map(phase =>
    latencyOf(
      phase,
      ended.flatMap(launch => launch.phases[phase] ?? []),
    ),
  )
  return [latencyOf('launch', whole), ...phases].filter(row => row.launches > 0)
}

function seedsOf(signals: readonly Signal[], { instanceProofs, requestProofs }: SeedProofs): readonly Seed[] {
  const seeds = new Map<string, Seed>()
  const add = (seed: Seed): void => {
    if (seed.value !== '' && !seeds.has(seed.kind + seed.value)) seeds.set(seed.kind + seed.value, seed)
  }
  for (const signal of signals) {
    if (instanceProofs.includes(signal.name)) for (const value of signal.instances) add({ kind: 'instance', value })
    if (requestProofs.includes(signal.name)) add({ kind: 'request', value: signal.request })
  }
  return [...seeds.values()]
}

/** A store in memory that keeps the contract of `Store`; for tests of what stands on a store. */
export function createFakeStore(launches: readonly Launch[] = []): Store {
  const signals = new Map<string, Signal>()
  let stored = launches.map(launch => ({ launch, readAt: 0 }))
  let ticks = 0
  const rows = (): readonly Launch[] => stored.map(({ launch }) => launch)
  const inOrder = (): readonly Signal[] => [...signals.values()].sort(byTime)
  return {
    now: () => {
      ticks += 1
      return Promise.resolve(micros(ticks))
    },
    noteLinks: () => Promise.resolve(),
    writeSignals: written => {
      for (const signal of written) signals.set(signal.id, signal)
      return Promise.resolve()
    },
    signalRange: () => Promise.resolve(signalRange(inOrder())),
    findSignals: links => {
      const wanted = new Set(links)
      return Promise.resolve(inOrder().filter(signal => linksOf(signal).some(link => wanted.has(link))))
    },
    streamSignals: (names, range) =>
      inBatches(
        inOrder().filter(
          ({ name, at }) => names.includes(name) && (range === undefined || (at >= range.from && at < range.to)),
        ),
        BATCH,
      ),
    seeds: (proofs, batchSize) => inBatches(seedsOf(inOrder(), proofs), batchSize),
    replaceLaunches: (scope, replacing) => {
      const isTouched = (launch: Launch): boolean =>
        isInScope(launch, scope) || replacing.some(other => isSameRow(launch, other))
      const kept = stored.filter(({ launch, readAt }) => readAt > scope.readAt || !isTouched(launch))
      const isKept = (launch: Launch): boolean => kept.some(other => isSameRow(launch, other.launch))
      const fresh = replacing.filter(launch => !isKept(launch))
      stored = [...kept, ...fresh.map(launch => ({ launch, readAt: scope.readAt }))]
      return Promise.resolve()
    },
    readLaunches: filter => inBatches(select(rows(), filter), BATCH),
    findLaunches: id => {
      const found = rows().filter(launch => isNamed(launch, id.trim().toLowerCase()))
      return Promise.resolve(found.toSorted(byStart).slice(0, FOUND_AT_MOST))
    },
    phaseLatency: ({ from, to }) => Promise.resolve(latencies(select(rows(), { since: from, until: to }))),
    summarise: ({ from, to }) => Promise.resolve(summary(select(rows(), { since: from, until: to }))),
    close: () => Promise.resolve(),
  }
}

function countBy<Of extends string>(values: readonly (Of | undefined)[]): { of: Of; launches: number }[] {
  const counts = new Map<Of, number>()
  for (const of of values) if (of !== undefined) counts.set(of, (counts.get(of) ?? 0) + 1)
  return [...counts]
    .map(([of, launches]) => ({ of, launches }))
    .toSorted((a, b) => b.launches - a.launches || (a.of < b.of ? -1 : 1))
}

function hostSummary(host: string, launches: readonly Launch[]): HostSummary {
  const seconds = launches.flatMap(({ outcome, durationSeconds }) =>
    outcome === 'active' ? (durationSeconds ?? []) : [],
  )
  const failed = launches.filter(({ outcome }) => outcome === 'error' || outcome === 'lost').length
  const sorted = seconds.toSorted((a, b) => a - b)
  return { host, launches: launches.length, failed, p95Seconds: sorted[Math.ceil(0.95 * sorted.length) - 1] }
}

function summary(launches: readonly Launch[]): RangeSummary {
  const hosts = [...new Set(launches.map(({ host }) => host))].filter(host => host !== '')
  return {
    outcomes: countBy(launches.map(({ outcome }) => outcome)),
    causes: countBy(launches.map(({ failure }) => failure?.cause)),
    hosts: hosts
      .map(host =>
        hostSummary(
          host,
          launches.filter(launch => launch.host === host),
        ),
      )
      .toSorted((a, b) => b.failed - a.failed || (b.p95Seconds ?? 0) - (a.p95Seconds ?? 0)),
  }
}

function signalRange(sorted: readonly Signal[]): TimeRange | undefined {
  const [first, last] = [sorted.at(0), sorted.at(-1)]
  return first === undefined || last === undefined ? undefined : { from: first.at, to: last.at }
}

function isInScope({ instanceId = '', requestId }: Launch, { instances, requests }: LaunchScope): boolean {
  return requests.includes(requestId) || instances.includes(instanceId)
}

function isSameRow(launch: Launch, other: Launch): boolean {
  return launch.traceId === other.traceId && launch.instanceId === other.instanceId
}

/** Dashes are optional; `req-` names requests only. */
function isNamed({ traceId, instanceId = '' }: Launch, id: string): boolean {
  const digits = id.replace(/^req-/, '').replaceAll('-', '')
  if (digits.length < SHORTEST_PREFIX) return false
  return traceId.startsWith(digits) || (!id.startsWith('req-') && instanceId.replaceAll('-', '').startsWith(digits))
}
