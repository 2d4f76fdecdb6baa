/** What became of the lines of one file. `lines` is the sum of heads, continuations, blank and undecodable ones. */
export interface LineCounts {
  readonly lines: number
  /** Lines that begin a record. */
  readonly heads: number
  /** Of the heads, those that nobody wanted; the others were given out. */
  readonly unwanted: number
  readonly continuations: number
  readonly blank: number
  /** Binary, or text without a header where no record is open. */
  readonly undecodable: number
}

/** What became of one line. */
export type Fate = 'head' | 'unwanted' | 'continuation' | 'blank' | 'undecodable'

export interface LineCounter {
  readonly counts: LineCounts
  readonly hasHead: boolean
  add(fate: Fate): void
  /** Corrects the fate of a line that had been counted as a head. */
  amendHead(fate: Fate): void
}

export function createLineCounter(): LineCounter {
  const fates = { head: 0, unwanted: 0, continuation: 0, blank: 0, undecodable: 0 }
  return {
    get counts() {
      const { head, unwanted, continuation, blank, undecodable } = fates
      const heads = head + unwanted
      const lines = heads + continuation + blank + undecodable
      return { lines, heads, unwanted, continuations: continuation, blank, undecodable }
    },
    get hasHead() {
      return fates.head + fates.unwanted > 0
    },
    add: fate => {
      fates[fate] += 1
    },
    amendHead: fate => {
      fates.head -= 1
      fates[fate] += 1
    },
  }
}
