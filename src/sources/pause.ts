/** Waits, and lets others cut the wait short. */
export interface Pause {
  /** Resolves after `delayMs`, or as soon as `end` is called or `stop` aborts. One wait at a time. */
  wait(delayMs: number, stop: AbortSignal): Promise<void>
  end(): void
}

export function createPause(): Pause {
  let finish: (() => void) | undefined
  return {
    wait: (delayMs, stop) =>
      new Promise(resolve => {
        const done = (): void => {
          clearTimeout(timer)
          stop.removeEventListener('abort', done)
          finish = undefined
          resolve()
        }
        const timer = setTimeout(done, delayMs)
        stop.addEventListener('abort', done)
        finish = done
        if (stop.aborted) done()
      }),
    end: () => finish?.(),
  }
}
