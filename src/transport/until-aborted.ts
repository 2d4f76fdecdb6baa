/** The outcome of `work`, or a rejection as soon as `stop` aborts; `work` itself goes on, and its failure goes nowhere. */
export async function untilAborted<Result>(work: Promise<Result>, stop: AbortSignal): Promise<Result> {
  stop.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(stop.reason)
  stop.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    stop.removeEventListener('abort', abort)
  }
}
