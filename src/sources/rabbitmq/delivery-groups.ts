/** What came over one channel and is not acknowledged. */
export interface DeliveryGroups {
  /** Takes a delivery; one without `json` was passed over, and is acknowledged in its turn. */
  add(tag: number, json: string | undefined): void
  /** Begins no further write. Resolves when every write under way has settled, and was acknowledged if it could be. */
  finish(): Promise<void>
}

export interface DeliveryGroupsDeps {
  /** Resolves when the deliveries are durable. */
  readonly write: (deliveries: readonly string[]) => Promise<void>
  /** Acknowledges this tag and all before it. Does nothing when the channel is gone. */
  readonly acknowledge: (tag: number) => void
  /** A write was rejected; nothing is acknowledged from its first delivery on. */
  readonly fail: (reason: unknown) => void
}

interface Group {
  readonly lastTag: number
  isDurable: boolean
}

/** How long a first delivery waits for others. Milliseconds. */
const LINGER_MS = 25
/** Deliveries, and UTF-16 code units of them, from which a write does not wait for more. */
const FULL_COUNT = 250
const FULL_LENGTH = 4 * 1_048_576
/** Writes at a time. More deliveries than these carry wait, and prefetch bounds those. */
const MOST_UNDER_WAY = 8

class Grouper implements DeliveryGroups {
  readonly #deps: DeliveryGroupsDeps
  /** In the order of their tags. */
  readonly #underWay: Group[] = []
  readonly #writes = new Set<Promise<void>>()
  #waiting: string[] = []
  #waitingLength = 0
  #lastTag = 0
  #timer: NodeJS.Timeout | undefined
  #isFinished = false

  constructor(deps: DeliveryGroupsDeps) {
    this.#deps = deps
  }

  add(tag: number, json: string | undefined): void {
    if (this.#isFinished) return
    this.#lastTag = tag
    if (json !== undefined) {
      this.#waiting.push(json)
      this.#waitingLength += json.length
    }
    if (this.#waiting.length >= FULL_COUNT || this.#waitingLength >= FULL_LENGTH) this.#writeWaiting()
    else this.#timer ??= setTimeout(() => this.#writeWaiting(), LINGER_MS)
  }

  async finish(): Promise<void> {
    this.#isFinished = true
    clearTimeout(this.#timer)
    await Promise.all(this.#writes)
  }

  #writeWaiting(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isFinished || this.#lastTag === 0 || this.#writes.size >= MOST_UNDER_WAY) return
    const deliveries = this.#waiting
    const group = { lastTag: this.#lastTag, isDurable: false }
    this.#waiting = []
    this.#waitingLength = 0
    this.#lastTag = 0
    this.#underWay.push(group)
    const write = this.#write(deliveries, group).finally(() => {
      this.#writes.delete(write)
      this.#writeWaiting()
    })
    this.#writes.add(write)
  }

  async #write(deliveries: readonly string[], group: Group): Promise<void> {
    try {
      if (deliveries.length > 0) await this.#deps.write(deliveries)
      group.isDurable = true
      this.#acknowledgeDurable()
    } catch (error) {
      this.#deps.fail(error)
    }
  }

  /** A group waits for those before it: then one acknowledgement covers many. */
  #acknowledgeDurable(): void {
    const first = this.#underWay.findIndex(({ isDurable }) => !isDurable)
    const done = this.#underWay.splice(0, first < 0 ? this.#underWay.length : first)
    const last = done.at(-1)
    if (last !== undefined) this.#deps.acknowledge(last.lastTag)
  }
}

/** Gathers the deliveries of one channel into few writes, several at a time, and acknowledges what is durable in order. */
export function createDeliveryGroups(deps: DeliveryGroupsDeps): DeliveryGroups {
  return new Grouper(deps)
}
