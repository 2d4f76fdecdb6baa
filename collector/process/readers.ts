import { once } from 'node:events'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import type { SourceStatus } from '../../src/pipeline/stage.ts'
import { ShutdownError } from './shutdown-error.ts'

/** Something that brings facts in: a source with its intake, or an inlet with what accepts. */
export interface Reader {
  readonly name: string
  /** Reads until `stop` aborts; resolves when all that it handed on has settled. */
  run(stop: AbortSignal): Promise<void>
  status(): SourceStatus
}

export interface RunOptions {
  /** Asks politely: readers stop reading and finish what is under way. */
  readonly stop: AbortSignal
  /** How long that may take. Milliseconds. */
  readonly shutdownMs: number
  /** What is under way is given up: it is read again after the next start. */
  readonly abandon: AbortController
  readonly telemetry: Telemetry
  /** Whether the process ends when every reader has come to its end, as standard input does. */
  readonly endsWithReaders: boolean
}

/**
 * Runs readers side by side until `stop`, then lets them finish within the time limit. A mistake that waiting cannot mend
 * stops all of them and is thrown.
 * @throws {ShutdownError} when they did not finish within the time limit
 */
export async function runReaders(readers: readonly Reader[], options: RunOptions): Promise<void> {
  const { stop, abandon, shutdownMs, telemetry } = options
  const failed = new AbortController()
  const stopped = AbortSignal.any([stop, failed.signal])
  const runs = Promise.all(
    readers.map(reader =>
      reader.run(stopped).catch((error: unknown) => {
        if (!abandon.signal.aborted) failed.abort(error)
      }),
    ),
  )
  const asked = stopped.aborted ? Promise.resolve() : once(stopped, 'abort')
  await (options.endsWithReaders ? Promise.race([asked, runs]) : asked)
  if (stopped.aborted) telemetry.info('Stopping: what is under way is written first.', { at_most_ms: shutdownMs })
  const deadline = setTimeout(() => {
    telemetry.warn('What is under way could not be written in time; it is read again after the next start.')
    abandon.abort()
  }, shutdownMs)
  await runs
  clearTimeout(deadline)
  if (failed.signal.aborted) throw failed.signal.reason
  if (abandon.signal.aborted) throw new ShutdownError(shutdownMs)
}
