import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Intake } from '../../../src/pipeline/stage.ts'
import { createStdinSource } from '../../../src/sources/stdin.ts'
import { keep, keepIn, lineOf, until } from '../../support/file-source.ts'
import { recordTelemetry } from '../../support/telemetry.ts'

interface Started {
  readonly stream: PassThrough
  readonly running: Promise<void>
  readonly stop: () => void
  readonly telemetry: ReturnType<typeof recordTelemetry>
}

function start(intake: Intake, service = 'nova-compute'): Started {
  const stream = new PassThrough()
  const telemetry = recordTelemetry()
  const place = { service, host: 'compute-1', timezone: 'UTC' }
  const source = createStdinSource({ stream, ...place, maxLineBytes: 1000, wanted: () => true, telemetry })
  const stop = new AbortController()
  const running = source.run(intake, stop.signal)
  return { stream, running, telemetry, stop: () => stop.abort() }
}

describe('standard input', () => {
  it('is read to its end, and the last write is waited for', async () => {
    const kept = keep()
    let isDurable = false
    const { stream, running, telemetry } = start({
      write: async reading => {
        await new Promise(resolve => setTimeout(resolve, 30))
        isDurable = true
        await keepIn(kept).write(reading)
      },
    })
    const text = `${lineOf('one')}  more\n\n${lineOf('two').trimEnd()}`
    stream.write(text.slice(0, 40))
    stream.end(text.slice(40))
    await running
    expect(isDurable).toBe(true)
    expect(kept.messages()).toEqual(['one\n  more', 'two'])
    expect(kept.records()[0]).toMatchObject({ host: 'compute-1', service: 'nova-compute' })
    expect(await telemetry.total('launchtrace_source_lines_total')).toBe(4)
    expect(await telemetry.total('launchtrace_source_lines_forwarded_total')).toBe(3)
    expect(await telemetry.total('launchtrace_source_lines_dropped_total')).toBe(1)
  })

  it('gives a record while the stream stays open, but never the half of a line', async () => {
    const kept = keep()
    const { stream, running, stop } = start(keepIn(kept), '')
    stream.write(lineOf('one'))
    await until(() => kept.messages().includes('one'))
    stream.write(lineOf('two').slice(0, -5))
    await new Promise(resolve => setTimeout(resolve, 700))
    stream.write(lineOf('two').slice(-5))
    await until(() => kept.messages().length === 2)
    expect(kept.messages()).toEqual(['one', 'two'])
    stop()
    await running
  })

  it('is not read on while writes do not settle', async () => {
    const kept = keep()
    const { stream, running, stop } = start({
      write: reading => {
        kept.readings.push(reading)
        return new Promise(() => undefined)
      },
    })
    let isFull = false
    for (let at = 0; at < 200_000 && !isFull; at += 100) {
      isFull = !stream.write(lineOf('x'.repeat(200)).repeat(100))
      if (isFull) await new Promise(resolve => setTimeout(resolve, 20))
      isFull = isFull && stream.writableNeedDrain
    }
    expect(isFull).toBe(true)
    expect(kept.records().length).toBeLessThan(20_000)
    stop()
    void running
  })
})
