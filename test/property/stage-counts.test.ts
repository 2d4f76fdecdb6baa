import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import { LaunchTraceError } from '../../src/core/errors.ts'
import type { Signal } from '../../src/core/signal.ts'
import { micros } from '../../src/core/time.ts'
import type { LogRecord } from '../../src/parse/record.ts'
import { createExtract } from '../../src/pipeline/extract.ts'
import { createDelivery } from '../../src/pipeline/delivery.ts'
import { createIntake } from '../../src/pipeline/intake.ts'
import type { Outlet } from '../../src/pipeline/stage.ts'
import type { CounterName } from '../../src/telemetry/metric-names.ts'
import { METRICS } from '../../src/telemetry/metric-names.ts'
import { recordTelemetry } from '../support/telemetry.ts'

class Refusal extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_STORE_UNAVAILABLE'
  readonly retryable: boolean

  constructor(retryable: boolean) {
    super('The test refuses.')
    this.retryable = retryable
  }
}

type Mood = 'accepts' | 'refuses' | 'is away' | 'hangs'

/** Refuses signals whose ids begin with one of four digits for good, whatever its mood. */
function isPoison({ id }: Signal): boolean {
  return /^[0-3]/.test(id)
}

/** An outlet with a mood for every write; when it has none left it accepts. */
function createMoodyOutlet(moods: readonly Mood[]): Outlet {
  const left = [...moods]
  return {
    name: 'moody',
    write: (signals, stop) => {
      const mood = left.shift() ?? 'accepts'
      if (mood === 'is away') return Promise.reject(new Refusal(true))
      if (mood === 'refuses' && signals.some(isPoison)) return Promise.reject(new Refusal(false))
      if (mood !== 'hangs') return Promise.resolve()
      return new Promise((_resolve, reject) => {
        stop.addEventListener('abort', () => {
          reject(new Refusal(true))
        })
      })
    },
    close: () => Promise.resolve(),
  }
}

function recordOf(message: string, index: number): LogRecord {
  return {
    format: 'oslo',
    at: micros(1_795_000_000_000_000 + index),
    host: 'compute-1',
    service: 'nova-compute',
    level: 'INFO',
    logger: 'nova.compute.claims',
    pid: 7,
    request: '',
    globalRequest: '',
    project: '',
    user: '',
    instance: '0f1e2d3c-4b5a-4678-8f90-a1b2c3d4e5f6',
    message,
  }
}

const readings = fc.array(
  fc.record({
    service: fc.constantFrom('nova-compute', 'rabbitmq:cell1'),
    messages: fc.array(fc.oneof(fc.constant('Claim successful on node compute-1'), fc.string()), { maxLength: 8 }),
    deliveries: fc.array(fc.oneof(fc.constant('{"event_type":"x","publisher_id":"y","payload":{}}'), fc.string()), {
      maxLength: 4,
    }),
  }),
  { maxLength: 6 },
)
const moods = fc.array(fc.constantFrom<Mood>('accepts', 'refuses', 'is away', 'hangs'), { maxLength: 4 })

const STAGES = Object.keys(METRICS).flatMap(name => /^launchtrace_(\w+)_received_total$/.exec(name)?.[1] ?? [])

function isCounter(name: string): name is CounterName {
  return name in METRICS
}

describe('the counters of the stages', () => {
  it('are complete: who counts what it receives counts what becomes of it', () => {
    expect(STAGES).toContain('extract')
    for (const stage of STAGES) {
      expect(Object.keys(METRICS)).toContain(`launchtrace_${stage}_forwarded_total`)
      expect(Object.keys(METRICS)).toContain(`launchtrace_${stage}_dropped_total`)
    }
  })

  it('add up: received = forwarded + dropped + under way, whatever the outlet does and whenever it stops', async () => {
    const extract = createExtract(catalogue)
    const claim = recordOf('Claim successful on node compute-1', 0)
    expect(extract({ service: '', records: [claim], deliveries: [] }).signals).toHaveLength(1)
    await fc.assert(
      fc.asyncProperty(readings, moods, fc.integer({ min: 60, max: 500 }), async (given, outletMoods, stopAfterMs) => {
        const telemetry = recordTelemetry()
        const total = (name: string): Promise<number> => (isCounter(name) ? telemetry.total(name) : Promise.resolve(0))
        const stop = AbortSignal.timeout(stopAfterMs)
        const outlet = createMoodyOutlet(outletMoods)
        const intake = createIntake({
          extract,
          deliver: createDelivery({ outlet, telemetry, stop, signalsInFlight: 5 }),
          telemetry,
        })
        const readingsOf = given.map(({ service, messages, deliveries }) => ({
          service,
          records: messages.map(recordOf),
          deliveries,
        }))
        const writes = await Promise.allSettled(readingsOf.map(reading => intake.write(reading)))
        const facts = readingsOf.map(reading => extract(reading).signals.length)
        const durable = facts.filter((_, index) => writes[index]?.status === 'fulfilled')
        const stages = await Promise.all(
          ['extract', 'outlet'].map(async stage => {
            const [received = 0, forwarded = 0, dropped = 0] = await Promise.all(
              ['received', 'forwarded', 'dropped'].map(what => total(`launchtrace_${stage}_${what}_total`)),
            )
            return { received, settled: forwarded + dropped }
          }),
        )
        const [extracted, delivered] = stages
        const items = readingsOf.reduce((sum, { records, deliveries }) => sum + records.length + deliveries.length, 0)
        expect(extracted).toEqual({ received: items, settled: items })
        const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)
        // What the process stopped before is under way: its writes were refused, so its sources read it again.
        expect(delivered?.settled).toBeLessThanOrEqual(delivered?.received ?? 0)
        expect(delivered?.settled).toBeGreaterThanOrEqual(sum(durable))
        if (writes.every(({ status }) => status === 'fulfilled')) expect(delivered?.settled).toBe(delivered?.received)
      }),
      { numRuns: 40 },
    )
  })
})
