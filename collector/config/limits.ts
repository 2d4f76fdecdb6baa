import { z } from 'zod'
import { duration } from './duration.ts'
import { count } from './text.ts'

/** Bounds on what the process holds and on how long it takes to stop. */
export const limits = z
  .strictObject({
    line_bytes: count(1024, 16_777_216)
      .default(1_048_576)
      .describe('Longest log line, in bytes. Longer ones are cut and counted.'),
    signals_in_flight: count(1000, 10_000_000)
      .default(50_000)
      .describe(
        'Signals in memory that are not durable, about 1 kB each. Sources wait when there are as many; fewer take less memory and are slower.',
      ),
    shutdown: duration({ atLeast: '0s', atMost: '10m' })
      .prefault('10s')
      .describe(
        'How long a stop may take to write what is under way. What is left then is read again after the next start.',
      ),
  })
  .transform(limit => ({
    lineBytes: limit.line_bytes,
    signalsInFlight: limit.signals_in_flight,
    shutdownMs: limit.shutdown,
  }))
  .describe('Bounds on what the process holds and on how long it takes to stop.')
