import type { Signal } from '../src/core/signal.ts'
import type { UnixMicros } from '../src/core/time.ts'
import type { Block } from '../src/reconstruct/blocks.ts'
import { blockOf, blocksAround } from '../src/reconstruct/blocks.ts'
import { ClockEstimator, correctedAt } from '../src/reconstruct/clocks.ts'
import type { ClockOffsets } from '../src/reconstruct/clocks.ts'
import { HOST_NAME_SIGNALS, HostNameLearner, underNovasName } from '../src/reconstruct/host-names.ts'
import type { HostNames } from '../src/reconstruct/host-names.ts'
import { MOMENT_SIGNALS } from '../src/reconstruct/moments.ts'
import type { Restart, Surroundings, SurroundingsOf } from '../src/reconstruct/surroundings.ts'
import { RESTART_SIGNAL } from '../src/reconstruct/surroundings.ts'
import type { Store, TimeRange } from '../src/store/store.ts'

/** What the surroundings of all launches have in common. */
export interface Horizon {
  /** How far the telemetry reaches. */
  readonly asOf: UnixMicros
  readonly lostAfterSeconds: number
}

/** What was learned of one block: everything of its surroundings but the horizon. */
export type Learned = Omit<Surroundings, keyof Horizon>

const NOTHING: Learned = { offsets: new Map(), hostNames: new Map(), restarts: [] }

/**
 * One learner for every block that the signals lie in or beside. What was learned is small; a learner at work holds a few
 * tens of megabytes, and signals come in order of time, so at most three are at work at once.
 */
class ByBlock<Learner, Result> {
  readonly #begin: (block: Block) => Learner
  readonly #end: (learner: Learner) => Result
  readonly #atWork = new Map<Block, Learner>()
  readonly #done = new Map<Block, Result>()

  constructor(begin: (block: Block) => Learner, end: (learner: Learner) => Result) {
    this.#begin = begin
    this.#end = end
  }

  teach(signal: Signal, tell: (learner: Learner, block: Block) => void): void {
    const around = blocksAround(blockOf(signal.at))
    for (const [block, learner] of this.#atWork) if (block < (around[0] ?? block)) this.#finish(block, learner)
    for (const block of around) {
      const learner = this.#atWork.get(block) ?? this.#begin(block)
      this.#atWork.set(block, learner)
      tell(learner, block)
    }
  }

  results(): ReadonlyMap<Block, Result> {
    for (const [block, learner] of this.#atWork) this.#finish(block, learner)
    return this.#done
  }

  #finish(block: Block, learner: Learner): void {
    this.#done.set(block, this.#end(learner))
    this.#atWork.delete(block)
  }
}

type Read = (names: readonly string[]) => AsyncIterable<readonly Signal[]>

async function learnNames(read: Read): Promise<ReadonlyMap<Block, HostNames>> {
  const learners = new ByBlock(
    () => new HostNameLearner(),
    learner => learner.names(),
  )
  for await (const batch of read(HOST_NAME_SIGNALS)) {
    for (const signal of batch)
      learners.teach(signal, learner => {
        learner.add(signal)
      })
  }
  return learners.results()
}

type NamesOf = (block: Block) => HostNames

async function learnOffsets(read: Read, namesOf: NamesOf): Promise<ReadonlyMap<Block, ClockOffsets>> {
  const estimators = new ByBlock(
    () => new ClockEstimator(),
    estimator => estimator.offsets(),
  )
  for await (const batch of read(MOMENT_SIGNALS)) {
    for (const signal of batch)
      estimators.teach(signal, (estimator, block) => {
        estimator.add(underNovasName(signal, namesOf(block)))
      })
  }
  return estimators.results()
}

type Restarted = readonly Signal[]

async function readRestarts(read: Read): Promise<ReadonlyMap<Block, Restarted>> {
  const lists = new ByBlock<Signal[], Restarted>(
    () => [],
    list => list,
  )
  for await (const batch of read([RESTART_SIGNAL]))
    for (const signal of batch) lists.teach(signal, list => void list.push(signal))
  return lists.results()
}

function toRestarts(said: Restarted, { hostNames, offsets }: Omit<Learned, 'restarts'>): readonly Restart[] {
  return said
    .map(signal => underNovasName(signal, hostNames))
    .map(signal => ({ host: signal.host, at: correctedAt(signal, offsets) }))
}

/** Learns the surroundings of every block of a time range, or of everything that is stored. */
export async function learnBlocks(store: Store, range?: TimeRange): Promise<ReadonlyMap<Block, Learned>> {
  const read: Read = names => store.streamSignals(names, range)
  const names = await learnNames(read)
  const namesOf: NamesOf = block => names.get(block) ?? NOTHING.hostNames
  const offsets = await learnOffsets(read, namesOf)
  const restarts = await readRestarts(read)
  const blocks = new Set([...names.keys(), ...offsets.keys(), ...restarts.keys()])
  const learned = [...blocks].map((block): [Block, Learned] => {
    const known = { hostNames: namesOf(block), offsets: offsets.get(block) ?? NOTHING.offsets }
    return [block, { ...known, restarts: toRestarts(restarts.get(block) ?? [], known) }]
  })
  return new Map(learned)
}

/** The surroundings of any block, the same object for the same block. */
export function createSurroundingsOf(learned: ReadonlyMap<Block, Learned>, horizon: Horizon): SurroundingsOf {
  const made = new Map<Block, Surroundings>()
  return block => {
    const known = made.get(block) ?? { ...(learned.get(block) ?? NOTHING), ...horizon }
    made.set(block, known)
    return known
  }
}
