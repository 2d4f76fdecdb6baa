/** What has been read of a journal and is not durable yet, in order. */
export interface Progress {
  /** Notes that the entry with this number and all before it have been read. */
  mark(line: number, cursor: string): void
  /** Notes a write of everything that began up to entry `line` and has not been written before. */
  begin(line: number, write: Promise<void>): void
  /** Writes under way. */
  readonly underWay: number
  /** Resolves when fewer than `most` writes are under way, or one has failed. */
  room(most: number): Promise<void>
  /** After this entry nothing needs to be read again but what is still to be written; undefined while there is none. */
  readonly durable: string | undefined
  /** Why a write failed; undefined when none did. */
  readonly failure: unknown
}

interface Mark {
  readonly line: number
  readonly cursor: string
}

interface Step {
  readonly line: number
  isDone: boolean
}

/** Marks behind a record that never ends; every second one goes when there are more. About 150 bytes each. */
const MAX_MARKS = 1024

class ProgressInOrder implements Progress {
  #marks: Mark[] = []
  readonly #steps: Step[] = []
  readonly #writes = new Set<Promise<void>>()
  durable: string | undefined
  failure: unknown

  get underWay(): number {
    return this.#writes.size
  }

  mark(line: number, cursor: string): void {
    this.#marks.push({ line, cursor })
    if (this.#marks.length > MAX_MARKS) this.#marks = this.#marks.filter((_, index) => index % 2 === 0)
  }

  begin(line: number, write: Promise<void>): void {
    const step = { line, isDone: false }
    this.#steps.push(step)
    const settled = write.then(
      () => {
        step.isDone = true
        this.#settle()
      },
      (error: unknown) => {
        this.failure ??= error
      },
    )
    this.#writes.add(settled)
    void settled.then(() => this.#writes.delete(settled))
  }

  async room(most: number): Promise<void> {
    while (this.#writes.size >= most && this.failure === undefined) await Promise.race(this.#writes)
  }

  /** A write that overtook an earlier one waits for it: between the two lies what is not durable. */
  #settle(): void {
    let reached = -1
    while (this.#steps[0]?.isDone === true) reached = this.#steps.shift()?.line ?? reached
    if (reached < 0) return
    const next = this.#marks.findIndex(({ line }) => line > reached)
    const passed = this.#marks.splice(0, next < 0 ? this.#marks.length : next)
    this.durable = passed.at(-1)?.cursor ?? this.durable
  }
}

export function createProgress(): Progress {
  return new ProgressInOrder()
}
