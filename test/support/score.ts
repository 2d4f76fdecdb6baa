import type { Launch, Outcome, Phase } from '../../src/core/launch.ts'
import type { TruthLaunch, TruthServer } from './truth.ts'

/** Launches held against what the clients of the recorded cloud saw. */
export interface Score {
  /** Good and all of every measure that the truth can judge, by its name. */
  readonly measures: ReadonlyMap<string, { readonly good: number; readonly all: number }>
  /** What is not good, in words, `measure: scenario …`. */
  readonly misses: readonly string[]
}

/** Which phase a failed launch failed in, for the scenarios in which only one answer is right. */
const FAILED_PHASE: Readonly<Record<string, Phase>> = {
  'image-data-missing': 'image',
  'glance-down-during-build': 'image',
  'port-quota-race': 'network',
  'port-binding-failed': 'network',
  'vif-plug-timeout': 'vif_wait',
  'boot-from-volume-quota': 'block_device',
  'config-drive-no-mkisofs': 'config_drive',
  'no-valid-host-scheduler': 'schedule',
}

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  ACTIVE: 'active',
  ERROR: 'error',
  GONE: 'deleted',
  DELETED: 'deleted',
}

/** Nobody says why: the process that would have said it was killed. */
function wasKilled({ scenario }: TruthLaunch): boolean {
  return scenario.startsWith('compute-killed')
}

interface Claim {
  readonly truth: TruthLaunch
  readonly server: TruthServer
  readonly launch: Launch
}

class Tally {
  readonly measures = new Map<string, { good: number; all: number }>()
  readonly misses: string[] = []

  judge(measure: string, isGood: boolean, what: readonly unknown[]): void {
    const tally = this.measures.get(measure) ?? { good: 0, all: 0 }
    tally.good += Number(isGood)
    tally.all += 1
    this.measures.set(measure, tally)
    if (!isGood) this.misses.push(`${measure}: ${JSON.stringify(what)}`)
  }
}

function judgeRefused(tally: Tally, truth: TruthLaunch, launches: readonly Launch[]): void {
  const found = launches.filter(
    ({ instanceId, requestId }) => instanceId === undefined && requestId === truth.requestId,
  )
  tally.judge('rejected request found once', found.length === 1, [truth.scenario, found.length])
  const [launch] = found
  if (launch === undefined || found.length !== 1) return
  const isRight = launch.outcome === 'error' && launch.failure?.phase === 'api'
  tally.judge('rejected request is error in api', isRight, [truth.scenario, launch.outcome, launch.failure])
}

function judgeEdges(tally: Tally, { truth, server, launch }: Claim): void {
  const what = [truth.scenario, server.id]
  const start = launch.startedAt / 1e6
  const startsInside = start >= truth.sent - 0.05 && start <= truth.received
  tally.judge("start within the client's request", startsInside, [...what, start - truth.sent])
  if (server.status !== 'ACTIVE') return
  const end = launch.endedAt === undefined ? undefined : launch.endedAt / 1e6
  const low = (server.building.length === 0 ? truth.received : Math.max(...server.building)) - 0.05
  const high = (server.seen ?? Infinity) + 1
  const endsInside = end !== undefined && end >= low && end <= high
  const measure = 'end between the last BUILD and the first ACTIVE that the client saw'
  tally.judge(measure, endsInside, [...what, end === undefined ? end : [end - low, end - high]])
}

function judgeOutcome(tally: Tally, { truth, server, launch }: Claim): void {
  const wanted = OUTCOMES[server.status ?? '']
  if (wanted === undefined) return
  const isLostInstead = wanted === 'error' && launch.outcome === 'lost' && wasKilled(truth)
  const isRight = launch.outcome === wanted || isLostInstead
  tally.judge('outcome', isRight, [truth.scenario, server.id, wanted, launch.outcome])
}

function judgePhases(tally: Tally, { truth, server, launch }: Claim): void {
  if (launch.durationSeconds === undefined) return
  const what = [truth.scenario, server.id, launch.durationSeconds]
  const sum = Object.values(launch.phases).reduce((all, part) => all + part, 0)
  tally.judge('phases add up to the duration', Math.abs(sum - launch.durationSeconds) < 0.001, [...what, sum])
  const unexplained = launch.phases.unexplained ?? 0
  if (server.status === 'ACTIVE') {
    tally.judge('unexplained under 5 %', unexplained <= 0.05 * launch.durationSeconds, [...what, unexplained])
  }
}

function judgeHosts(tally: Tally, { truth, server, launch }: Claim): void {
  const tried = [...new Set(launch.attempts.map(({ host }) => host))].toSorted()
  if (server.hostsTried !== undefined) {
    const isRight = JSON.stringify(tried) === JSON.stringify(server.hostsTried)
    tally.judge('hosts tried', isRight, [truth.scenario, server.id, server.hostsTried, tried])
  }
  if (server.host === undefined || server.status !== 'ACTIVE') return
  tally.judge('host', launch.host === server.host, [truth.scenario, server.id, server.host, launch.host])
}

function judgeFailure(tally: Tally, { truth, server, launch }: Claim): void {
  if (server.status !== 'ERROR') return
  const what = [truth.scenario, server.id, launch.failure]
  const wanted = FAILED_PHASE[truth.scenario]
  if (wanted !== undefined) tally.judge('failing phase', launch.failure?.phase === wanted, what)
  if (wasKilled(truth)) return
  const isExplained = launch.failure !== undefined && launch.failure.message !== ''
  tally.judge('failure has cause and message', isExplained, what)
}

function judgeServer(
  tally: Tally,
  truth: TruthLaunch,
  given: Omit<Claim, 'truth' | 'launch'> & { launches: readonly Launch[] },
): void {
  const { server, launches } = given
  const found = launches.filter(({ instanceId }) => instanceId === server.id)
  tally.judge('instance found once', found.length === 1, [truth.scenario, server.id, found.length])
  const [launch] = found
  if (launch === undefined || found.length !== 1) return
  const claim = { truth, server, launch }
  tally.judge('request id', launch.requestId === truth.requestId, [truth.scenario, server.id, launch.requestId])
  judgeEdges(tally, claim)
  if (server.status === undefined) return
  judgeOutcome(tally, claim)
  judgePhases(tally, claim)
  judgeHosts(tally, claim)
  judgeFailure(tally, claim)
}

/** Counts, measure by measure, how many of the launches are as the clients saw them. Nothing is sampled. */
export function scoreLaunches(truths: readonly TruthLaunch[], launches: readonly Launch[]): Score {
  const tally = new Tally()
  for (const truth of truths) {
    if (truth.servers.length === 0) judgeRefused(tally, truth, launches)
    for (const server of truth.servers) judgeServer(tally, truth, { server, launches })
  }
  const instances = new Set(truths.flatMap(({ servers }) => servers.map(({ id }) => id)))
  const refused = new Set(truths.filter(({ servers }) => servers.length === 0).map(({ requestId }) => requestId))
  for (const { instanceId, requestId, outcome } of launches) {
    const isReal = instanceId === undefined ? refused.has(requestId) : instances.has(instanceId)
    tally.judge('is a launch that a client asked for', isReal, [instanceId, requestId, outcome])
  }
  return tally
}
