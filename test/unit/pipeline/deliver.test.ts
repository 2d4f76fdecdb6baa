import { expect, test } from 'vitest'
import { LaunchTraceError } from '../../../src/core/errors.ts'
import type { Signal } from '../../../src/core/signal.ts'
import { writeUntilDurable } from '../../../src/pipeline/deliver.ts'
import type { Outlet } from '../../../src/pipeline/stage.ts'
import { makeSignal } from '../../support/store.ts'
import { recordTelemetry } from '../../support/telemetry.ts'

class Away extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_OUTLET_UNAVAILABLE'
  readonly retryable = true
}

class Refused extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_SIGNALS_REFUSED'
  readonly retryable = false
}

function outletOf(write: (signals: readonly Signal[]) => Promise<void>): Outlet {
  return { name: 'test', write, close: () => Promise.resolve() }
}

const [one, two, three] = ['1', '2', '3'].map(text => makeSignal({ text }))
const all = [one, two, three].filter(signal => signal !== undefined)

test('an outlet that is away is tried again until it takes the signals', async () => {
  const telemetry = recordTelemetry()
  let tries = 0
  const outlet = outletOf(() => {
    tries += 1
    return tries < 3 ? Promise.reject(new Away('away')) : Promise.resolve()
  })
  await writeUntilDurable(all, { outlet, telemetry, stop: new AbortController().signal })
  expect(tries).toBe(3)
  expect(await telemetry.total('launchtrace_outlet_received_total')).toBe(3)
  expect(await telemetry.total('launchtrace_outlet_forwarded_total')).toBe(3)
  expect(await telemetry.total('launchtrace_outlet_retries_total')).toBe(2)
})

test('a signal that will never be taken takes no other with it, and is counted', async () => {
  const telemetry = recordTelemetry()
  const taken: Signal[] = []
  const outlet = outletOf(signals => {
    if (signals.some(({ text }) => text === '2')) return Promise.reject(new Refused('no'))
    taken.push(...signals)
    return Promise.resolve()
  })
  await writeUntilDurable(all, { outlet, telemetry, stop: new AbortController().signal })
  expect(taken.map(({ text }) => text)).toEqual(['1', '3'])
  const counted = await Promise.all(
    (['received', 'forwarded', 'dropped'] as const).map(fate => telemetry.total(`launchtrace_outlet_${fate}_total`)),
  )
  expect(counted).toEqual([3, 2, 1])
})

test('what is not durable when the process gives up is not acknowledged', async () => {
  const stop = new AbortController()
  const outlet = outletOf(() => {
    stop.abort()
    return Promise.reject(new Away('away'))
  })
  await expect(writeUntilDurable(all, { outlet, telemetry: recordTelemetry(), stop: stop.signal })).rejects.toThrow()
})

test('an error that nobody foresaw is not swallowed', async () => {
  const outlet = outletOf(() => Promise.reject(new TypeError('a bug')))
  const deps = { outlet, telemetry: recordTelemetry(), stop: new AbortController().signal }
  await expect(writeUntilDurable(all, deps)).rejects.toThrow('a bug')
})
