import type { Intake } from '../../src/pipeline/stage.ts'

/** An intake that keeps what it gets, and whose writes can be held up. */
export interface KeptIntake extends Intake {
  /** Of writes that were answered as durable, in their order. */
  readonly deliveries: readonly string[]
  /** The bodies in them. */
  bodies(): readonly string[]
  /** Deliveries in writes that are not answered yet. */
  underWay(): number
  /** From now on writes wait. */
  hold(): void
  /** Answers those that wait, and all to come. */
  release(): void
  /** Rejects those that wait, and all to come, as a process that stops does. */
  reject(): void
}

/** What a recorded delivery carries; a bare body is itself. */
function bodyOf(delivery: string): string {
  const value: unknown = JSON.parse(delivery)
  const body: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'body') : undefined
  return typeof body === 'string' ? body : delivery
}

export function keptIntake(): KeptIntake {
  const deliveries: string[] = []
  const waiting = new Set<{ readonly go: () => void; readonly refuse: (reason: unknown) => void }>()
  let answers: 'held' | 'durable' | 'rejected' = 'durable'
  let underWay = 0
  const pass = (): Promise<void> => {
    if (answers === 'rejected') return Promise.reject(new Error('The process stops.'))
    if (answers === 'durable') return Promise.resolve()
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    waiting.add({ go: () => resolve(undefined), refuse: reject })
    return promise
  }
  const answer = (how: 'go' | 'refuse'): void => {
    for (const each of waiting) each[how](new Error('The process stops.'))
    waiting.clear()
  }
  return {
    deliveries,
    bodies: () => deliveries.map(bodyOf),
    underWay: () => underWay,
    hold: () => (answers = 'held'),
    release: () => {
      answers = 'durable'
      answer('go')
    },
    reject: () => {
      answers = 'rejected'
      answer('refuse')
    },
    write: async reading => {
      underWay += reading.deliveries.length
      try {
        await pass()
        deliveries.push(...reading.deliveries)
      } finally {
        underWay -= reading.deliveries.length
      }
    },
  }
}
