/** A number of places that work may take. */
export interface Slots {
  /** Resolves, in the order of asking, when there is a place; the function it gives frees that place, once. */
  take(): Promise<() => void>
  /** Resolves when every place is free and nobody waits. */
  free(): Promise<void>
}

export function createSlots(count: number): Slots {
  let taken = 0
  const waiting: (() => void)[] = []
  const idle: (() => void)[] = []
  const release = (): void => {
    const next = waiting.shift()
    if (next !== undefined) next()
    else taken -= 1
    if (taken === 0) for (const wake of idle.splice(0)) wake()
  }
  const onlyOnce = (): (() => void) => {
    let isFree = false
    return () => {
      if (!isFree) release()
      isFree = true
    }
  }
  return {
    take: async () => {
      if (taken >= count) await new Promise<void>(resolve => waiting.push(resolve))
      else taken += 1
      return onlyOnce()
    },
    free: async () => {
      if (taken > 0) await new Promise<void>(resolve => idle.push(resolve))
    },
  }
}
