import { z } from 'zod'
import { duration } from './duration.ts'
import { size } from './size.ts'
import { count } from './text.ts'

/** Bounds on what the process holds and on how long it takes to stop. */
export const limits = z
  .strictObject({
    line_bytes: count(1024, 16_777_216)
      .default(1_048_576)
      .describe('Longest log line, in bytes. Longer ones are cut and counted.'),
    signals_in_flight: count(1000, 10_000_000)
      .default(20_000)
      .describe(
        'Signals in memory that are not durable, about 1 kB each. Sources wait when there are as many; fewer take less memory and are slower.',
      ),
    memory: size({ atLeast: '1GiB', atMost: '1TiB' })
      .prefault('2GiB')
      .describe(
        'What a process with an embedded store may hold. 512 MiB of it are for the program, the rest for the engine; a question that needs more is refused, and rebuilding is tried again. Not for agents, which need less than 150 MB.',
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
    memoryBytes: limit.memory,
    shutdownMs: limit.shutdown,
  }))
  .describe('Bounds on what the process holds and on how long it takes to stop.')
