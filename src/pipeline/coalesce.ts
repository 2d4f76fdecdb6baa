export interface CoalescingOptions<Item> {
  /** Items that may wait or be under way; `add` waits beyond it. One `add` may bring more than that by itself. */
  readonly most: number
  /** Resolves when what has gathered since the first item is to be written. */
  linger(): Promise<void>
  /** So many items are written without waiting for more. */
  readonly enough: number
  /** Resolves when the items are durable. */
  write(items: readonly Item[]): Promise<void>
  readonly stop: AbortSignal
}

/** Gathers what comes from many sides into few writes. */
export interface Coalescing<Item> {
  /** Resolves when these items are durable; rejects as their write does, or when the process stops before there is room. */
  add(items: readonly Item[]): Promise<void>
}

interface Gathering<Item> {
  readonly items: Item[]
  readonly written: Promise<void>
  readonly full: () => void
}

/** Items in one write; more than that is written in several writes one after the other. */
const ITEMS_PER_WRITE = 10_000

class Coalescer<Item> implements Coalescing<Item> {
  readonly #options: CoalescingOptions<Item>
  readonly #waiting: (() => void)[] = []
  #held = 0
  #gathering: Gathering<Item> | undefined

  constructor(options: CoalescingOptions<Item>) {
    this.#options = options
    options.stop.addEventListener('abort', () => {
      this.#wakeAll()
    })
  }

  async add(items: readonly Item[]): Promise<void> {
    const { most, stop } = this.#options
    stop.throwIfAborted()
    // Nothing may come between the look and the taking, or several would take the same room.
    while (this.#held >= most) {
      await new Promise<void>(resolve => this.#waiting.push(resolve))
      stop.throwIfAborted()
    }
    this.#held += items.length
    const gathering = this.#gathering ?? this.#begin()
    gathering.items.push(...items)
    if (gathering.items.length >= this.#options.enough) gathering.full()
    if (gathering.items.length >= ITEMS_PER_WRITE) this.#gathering = undefined
    await gathering.written
  }

  #begin(): Gathering<Item> {
    const items: Item[] = []
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const full = (): void => {
      resolve(undefined)
    }
    const gathering = { items, written: this.#write(items, promise), full }
    this.#gathering = gathering
    return gathering
  }

  async #write(items: Item[], full: Promise<undefined>): Promise<void> {
    await Promise.race([this.#options.linger(), full])
    if (this.#gathering?.items === items) this.#gathering = undefined
    try {
      await this.#options.write(items)
    } finally {
      this.#held -= items.length
      this.#wakeAll()
    }
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

/** Several writes may be under way at a time, one for each `linger` that passes. */
export function createCoalescing<Item>(options: CoalescingOptions<Item>): Coalescing<Item> {
  return new Coalescer(options)
}
