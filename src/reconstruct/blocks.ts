import type { UnixMicros } from '../core/time.ts'
import { micros } from '../core/time.ts'
import type { Case } from './identity.ts'
import type { SignalIndex } from './signal-index.ts'

/**
 * Hours for which clocks and host names are learned together. A clock that is set right counts for the launches near it and
 * not for those of last week, and what was learned of a block is final once the next one is over.
 */
const BLOCK_MICROS = 6 * 3600e6

/** A number of a block of six hours, counted from the Unix epoch. */
export type Block = number & { readonly __unit: 'block' }

export function blockOf(at: UnixMicros): Block {
  return Math.floor(at / BLOCK_MICROS) as Block
}

/** The blocks from whose facts the surroundings of a launch in `block` are learned: those beside it too. */
export function blocksAround(block: Block): readonly Block[] {
  return [(block - 1) as Block, block, (block + 1) as Block]
}

/** The time of a block; `to` is outside. */
export function rangeOf(block: Block): { readonly from: UnixMicros; readonly to: UnixMicros } {
  return { from: micros(block * BLOCK_MICROS), to: micros((block + 1) * BLOCK_MICROS) }
}

/** The time that `blocksAround` covers; `to` is outside. */
export function rangeAround(block: Block): { readonly from: UnixMicros; readonly to: UnixMicros } {
  return { from: micros((block - 1) * BLOCK_MICROS), to: micros((block + 2) * BLOCK_MICROS) }
}

/**
 * The block of a case: that of the first signal which carries its request as its own or names its instance, as the hosts'
 * clocks show it; where there is none, of the first that was sent along with its request.
 */
export function blockOfCase({ request, instances }: Case, index: SignalIndex): Block {
  const linked = [`request:${request}`, ...instances.map(id => `instance:${id}`)].flatMap(link => index.get(link) ?? [])
  const own = linked.filter(
    signal => signal.request === request || instances.some(instance => signal.instances.includes(instance)),
  )
  const first = (own.length > 0 ? own : linked).reduce((earliest, { at }) => Math.min(earliest, at), Infinity)
  return blockOf(micros(first))
}
