import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { formatMicros } from '../../../src/core/time.ts'
import {
  keep,
  keepIn,
  lineOf,
  startFileSource,
  until,
  useFolder,
  type Kept,
  type RunningSource,
} from '../../support/file-source.ts'

let folder: string
let logs: string
let kept: Kept

beforeEach(() => {
  folder = useFolder(onTestFinished)
  logs = join(folder, 'logs')
  mkdirSync(logs)
  kept = keep()
})

function log(name = 'nova-compute.log'): string {
  return join(logs, name)
}

function start(options: Partial<Parameters<typeof startFileSource>[0]> = {}): RunningSource {
  const running = startFileSource({ folder, ...options }, keepIn(kept))
  onTestFinished(() => running.stop())
  return running
}

/** Runs a source until it has read everything, and ends it. */
async function runOnce(options: Partial<Parameters<typeof startFileSource>[0]> = {}): Promise<RunningSource> {
  const running = startFileSource({ folder, ...options }, keepIn(kept))
  await until(() => running.source.status().state === 'running' && running.source.status().lag === 0)
  await delay(150)
  await running.stop()
  return running
}

async function messagesAre(...expected: readonly string[]): Promise<void> {
  await until(
    () => expected.every(message => kept.messages().includes(message)),
    `${expected.join()} among ${kept.messages().join()}`,
  )
  expect(new Set(kept.messages())).toEqual(new Set(expected))
}

function numbered(count: number, name = 'line'): string {
  return Array.from({ length: count }, (_, at) => lineOf(`${name} ${String(at)}`)).join('')
}

const NOBODY = 65_534

/** Root may read everything: for the rest of a test it is somebody who may not. */
function becomeNobody(): void {
  if (process.getuid?.() !== 0) return
  for (const path of [dirname(folder), folder, logs, log()]) chownSync(path, NOBODY, NOBODY)
  process.seteuid?.(NOBODY)
  onTestFinished(() => process.seteuid?.(0))
}

describe('what cannot be read', () => {
  it('is counted once with its reason, shown, and does not keep the rest from being read', async () => {
    mkdirSync(log('folder.log'))
    execFileSync('mkfifo', [log('pipe.log')])
    symlinkSync(log('loop.log'), log('loop.log'))
    writeFileSync(log(), lineOf('one'))
    const { source, telemetry } = start()
    await messagesAre('one')
    await until(() => source.status().detail.includes('3 not read'))
    await delay(100)
    expect(await telemetry.total('launchtrace_source_errors_total')).toBe(3)
    expect(telemetry.lines.filter(({ level }) => level === 'warn')).toHaveLength(3)
  })

  it('is read as soon as it can be', async () => {
    mkdirSync(log())
    const { source } = start()
    await until(() => source.status().detail.includes('1 not read'))
    rmSync(log(), { recursive: true })
    writeFileSync(log(), lineOf('one'))
    await messagesAre('one')
    await until(() => !source.status().detail.includes('not read'))
  })

  it('is told when it is not permitted', async () => {
    writeFileSync(log(), lineOf('one'))
    chmodSync(log(), 0)
    becomeNobody()
    const { source } = start()
    await until(() => source.status().detail.includes('not permitted'))
    chmodSync(log(), 0o600)
    await messagesAre('one')
  })

  it('waits when there is nothing to read', async () => {
    const { source } = start()
    await until(() => source.status().state === 'waiting')
    writeFileSync(log(), lineOf('one'))
    await until(() => source.status().state === 'running')
  })
})

describe('what is remembered', () => {
  it('is set aside when it is damaged, and reading begins at the beginning', async () => {
    writeFileSync(log(), lineOf('one'))
    await runOnce()
    const file = join(folder, 'state', 'files.json')
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20))
    const { telemetry } = start()
    await until(() => kept.messages().length === 2)
    expect(kept.messages()).toEqual(['one', 'one'])
    expect(readdirSync(join(folder, 'state')).some(name => name.startsWith('files.json.damaged-'))).toBe(true)
    expect(await telemetry.total('launchtrace_source_errors_total')).toBe(1)
  })

  it('is tried again when it cannot be written, while reading goes on', async () => {
    writeFileSync(join(folder, 'state'), 'in the way')
    const { telemetry } = start()
    writeFileSync(log(), lineOf('one'))
    await messagesAre('one')
    expect(telemetry.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    rmSync(join(folder, 'state'))
    await until(() => existsSync(join(folder, 'state', 'files.json')))
    await until(() => telemetry.lines.some(({ level }) => level === 'info'))
  })

  it('is of a content, not of an inode: another file in its place is read from its beginning', async () => {
    writeFileSync(log(), numbered(20))
    await runOnce()
    // What is written in place keeps the inode, as one that the system uses again would be.
    writeFileSync(log(), numbered(30, 'other'))
    start()
    await until(() => kept.messages().includes('other 29'))
    expect(new Set(kept.messages()).size).toBe(50)
  })

  it('tells in which of two equal hours a file was', async () => {
    const line = (time: string): string => `2026-10-25 ${time}.001 7 INFO nova.compute.manager [-] ${time}\n`
    const options = { timezone: 'Europe/Rome', wanted: () => true }
    writeFileSync(
      log(),
      line('02:50:00') + line('02:05:00') + Array.from({ length: 2000 }, () => line('02:06:00')).join(''),
    )
    await runOnce(options)
    appendFileSync(log(), line('02:10:00'))
    start(options)
    await until(() => kept.messages().includes('02:10:00'))
    expect(
      kept
        .records()
        .filter(({ message }) => message === '02:10:00')
        .map(({ at }) => formatMicros(at).slice(11, 19)),
    ).toEqual(['01:10:00'])
  })

  it('keeps the instance that a domain log has named long before', async () => {
    mkdirSync(log('libvirt-qemu'))
    const domain = join(logs, 'libvirt-qemu', 'instance-0000000a.log')
    const uuid = '1006d087-e6ea-4db4-a494-e81349fcea98'
    const stamp = '2026-11-20T05:18:39.001000Z'
    writeFileSync(
      domain,
      `2026-11-20 05:18:38.000+0000: starting up libvirt version: 8.0.0\n/usr/bin/qemu-system-x86_64 \\\n-name guest=instance-0000000a,debug-threads=on \\\n-uuid ${uuid} \\\n-msg timestamp=on\n${`${stamp} qemu-system-x86_64: warning: nothing\n`.repeat(3000)}`,
    )
    const options = { groups: [{ paths: [join(logs, '*', '*.log')], start: 'beginning' as const }] }
    await runOnce(options)
    const before = kept.records().length
    appendFileSync(domain, '2026-11-20 05:20:00.000+0000: shutting down, reason=destroyed\n')
    start(options)
    await until(() => kept.records().length > before)
    expect(kept.records().at(-1)).toMatchObject({ format: 'qemu', instance: uuid, logger: 'instance-0000000a' })
  })

  it('is never behind a line that is put together from parts', async () => {
    const part = (log: string): string =>
      `${JSON.stringify({ log, stream: 'stdout', time: '2026-11-20T05:18:39.1Z' })}\n`
    writeFileSync(log(), part(lineOf('one')) + part(lineOf('the beginning').trimEnd()))
    await runOnce()
    appendFileSync(log(), part(' and the end\n'))
    start()
    await messagesAre('one', 'the beginning and the end')
  })
})

describe('lines of any kind', () => {
  it('are all accounted for, read again or not', async () => {
    const text = `${lineOf('one')}  more\n\n${lineOf('two')}${lineOf('no', 8).replace('nova.compute.manager', 'noise')}`
    writeFileSync(log(), `binary \0 line\n${text}`)
    const wanted = (logger: string): boolean => logger !== 'noise'
    const first = await runOnce({ wanted })
    const total = (name: Parameters<typeof first.telemetry.total>[0]): Promise<number> => first.telemetry.total(name)
    expect(await total('launchtrace_source_lines_total')).toBe(6)
    expect(await total('launchtrace_source_lines_forwarded_total')).toBe(3)
    expect(await total('launchtrace_source_lines_dropped_total')).toBe(3)
    expect(await total('launchtrace_source_bytes_total')).toBe(statSync(log()).size)
    appendFileSync(log(), lineOf('three'))
    const second = await runOnce({ wanted })
    expect(await second.telemetry.total('launchtrace_source_lines_total')).toBe(1)
  })

  it('are cut when they are too long, and what follows is read', async () => {
    const long = lineOf('x'.repeat(700_000))
    writeFileSync(log(), lineOf('one') + long)
    start({ maxLineBytes: 100_000 })
    await until(() => kept.messages().some(message => message.startsWith('xxx')))
    appendFileSync(log(), long + lineOf('two'))
    await until(() => kept.messages().includes('two'))
    expect(
      kept
        .messages()
        .filter(message => message.startsWith('xxx'))
        .map(({ length }) => length),
    ).toEqual([65_536, 65_536])
    expect(new Set(kept.messages()).size).toBe(3)
  })

  it('are found behind a hole that a program leaves that goes on where it was before a truncation', async () => {
    const file = await open(log(), 'w')
    const text = numbered(200)
    await file.write(text, 0)
    start()
    await until(() => kept.messages().length === 200)
    truncateSync(log())
    await file.write(lineOf('behind the hole'), 3_000_000)
    await file.close()
    await until(() => kept.messages().includes('behind the hole'))
    expect(kept.messages().filter(message => message === 'behind the hole')).toHaveLength(1)
  })

  it('are taken for notifications where a file is a recording of them', async () => {
    const delivery = JSON.stringify({ exchange: 'nova', routing_key: 'versioned_notifications.info', body: '{}' })
    writeFileSync(log('notifications.jsonl'), `${delivery}\n`)
    start({ groups: [{ paths: [join(logs, '*.jsonl')], start: 'beginning' }] })
    await until(() => kept.readings.length > 0)
    expect(kept.readings[0]?.deliveries).toEqual([delivery])
  })
})

describe('many files', () => {
  it('are all read, and a busy one does not keep the others waiting', async () => {
    writeFileSync(log('busy.log'), numbered(60_000))
    for (let at = 0; at < 300; at += 1) writeFileSync(log(`nova-${String(at)}.log`), lineOf(`of ${String(at)}`))
    start()
    await until(() => kept.messages().includes('of 299'))
    const lastOfBusy = kept.messages().indexOf('line 59999')
    expect(lastOfBusy === -1 || lastOfBusy > kept.messages().indexOf('of 150')).toBe(true)
    await until(() => kept.messages().includes('line 59999'))
  })

  it('are not read on while writes do not settle', async () => {
    for (let at = 0; at < 20; at += 1) writeFileSync(log(`nova-${String(at)}.log`), numbered(10_000, 'x'.repeat(100)))
    const running = startFileSource(
      { folder },
      {
        write: reading => {
          kept.readings.push(reading)
          return new Promise(() => undefined)
        },
      },
    )
    onTestFinished(() => {
      running.abandon()
    })
    await until(() => kept.readings.length > 0)
    await delay(300)
    const given = kept.records().length
    await delay(200)
    expect(kept.records()).toHaveLength(given)
    expect(given).toBeLessThan(20_000)
    expect(running.source.status().lag).toBeGreaterThan(30e6)
  })

  it('are not acknowledged by writes that settle out of order', async () => {
    writeFileSync(log(), '')
    const settle: (() => void)[] = []
    const running = startFileSource(
      { folder },
      {
        write: reading => {
          kept.readings.push(reading)
          return new Promise(resolve => settle.push(resolve))
        },
      },
    )
    for (const message of ['one', 'two', 'three']) {
      const before = kept.readings.length
      appendFileSync(log(), lineOf(message))
      await until(() => kept.readings.length > before)
    }
    for (const done of settle.slice(1)) done()
    await delay(50)
    running.abandon()
    const again = keep()
    const next = startFileSource({ folder }, keepIn(again))
    await until(() => again.messages().length === 3)
    await next.stop()
    expect(again.messages()).toEqual(['one', 'two', 'three'])
  })

  it('end with a stop that waits for what is under way', async () => {
    writeFileSync(log(), lineOf('one') + lineOf('two'))
    let isDurable = false
    const running = startFileSource(
      { folder },
      {
        write: async () => {
          await delay(150)
          isDurable = true
        },
      },
    )
    await delay(100)
    await running.stop()
    expect(isDurable).toBe(true)
    expect(running.source.status().state).toBe('stopped')
    start()
    await delay(150)
    expect(kept.messages()).not.toContain('one')
  })

  it('end when the intake takes nothing any more, and nothing is acknowledged', async () => {
    writeFileSync(log(), lineOf('one'))
    const running = startFileSource({ folder }, { write: () => Promise.reject(new Error('stopping')) })
    await until(() => running.source.status().state === 'stopped')
    start()
    await messagesAre('one')
  })

  it('renamed over each other are told apart', async () => {
    writeFileSync(log('a.log'), lineOf('a'))
    writeFileSync(log('b.log'), lineOf('b'))
    start()
    await messagesAre('a', 'b')
    renameSync(log('a.log'), log('b.log'))
    appendFileSync(log('b.log'), lineOf('more of a'))
    await messagesAre('a', 'b', 'more of a')
  })
})
