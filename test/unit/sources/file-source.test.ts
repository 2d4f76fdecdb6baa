import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
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

async function messagesAre(...expected: readonly string[]): Promise<void> {
  await until(
    () => expected.every(message => kept.messages().includes(message)),
    `${expected.join()} among ${kept.messages().join()}`,
  )
  expect(new Set(kept.messages())).toEqual(new Set(expected))
}

describe('a source of log files', () => {
  it('gives what is there and what comes, with host and service', async () => {
    writeFileSync(log(), lineOf('one'))
    start()
    await messagesAre('one')
    appendFileSync(log(), lineOf('two'))
    await messagesAre('one', 'two')
    expect(kept.records()[0]).toMatchObject({ host: 'compute-1', service: 'nova-compute', message: 'one' })
    expect(kept.readings[0]?.service).toBe('nova-compute')
  })

  it('finds files that come later, in folders that come later', async () => {
    start({ groups: [{ paths: [join(folder, 'logs', '*', '*.log')], start: 'beginning' }] })
    await delay(50)
    mkdirSync(join(logs, 'compute-2'))
    writeFileSync(join(logs, 'compute-2', 'nova-compute.log'), lineOf('late'))
    await messagesAre('late')
    expect(kept.records()[0]?.host).toBe('compute-2')
  })

  it('begins at the end of what is there, if it is told so, and at the beginning of what comes', async () => {
    writeFileSync(log(), lineOf('old') + lineOf('also old'))
    start({ groups: [{ paths: [join(logs, '*.log')], start: 'end' }] })
    await delay(100)
    appendFileSync(log(), lineOf('new'))
    writeFileSync(log('nova-api.log'), lineOf('of a new file'))
    await messagesAre('new', 'of a new file')
  })

  it('keeps a record together that is written in one go, and waits for the end of a line', async () => {
    start()
    writeFileSync(log(), `${lineOf('one')}  more\n  and more\n${lineOf('two').slice(0, -10)}`)
    await delay(150)
    appendFileSync(log(), lineOf('two').slice(-10))
    await messagesAre('one\n  more\n  and more', 'two')
  })

  it('gives a record although another process goes on writing', async () => {
    writeFileSync(log(), lineOf('the quiet one', 1))
    start()
    let count = 0
    const timer = setInterval(() => {
      appendFileSync(log(), lineOf(`noise ${String((count += 1))}`, 2))
    }, 5)
    onTestFinished(() => {
      clearInterval(timer)
    })
    await until(() => kept.messages().includes('the quiet one'))
  })

  it('reads one file once that has two names, and follows links of links', async () => {
    const real = join(folder, 'docker')
    mkdirSync(real)
    mkdirSync(join(folder, 'pods'))
    writeFileSync(
      join(real, 'x-json.log'),
      `${JSON.stringify({ log: lineOf('inside'), stream: 'stdout', time: '2026-11-20T05:18:39.1Z' })}\n`,
    )
    symlinkSync(join(real, 'x-json.log'), join(folder, 'pods', '0.log'))
    symlinkSync(join(folder, 'pods', '0.log'), log(`nova-compute-x_openstack_nova-compute-${'a'.repeat(64)}.log`))
    symlinkSync(join(real, 'x-json.log'), log('zzz.log'))
    start()
    await messagesAre('inside')
    await delay(60)
    expect(kept.messages()).toHaveLength(1)
    expect(kept.records()[0]?.service).toBe('nova-compute')
  })

  it('passes over what its patterns exclude, what is compressed, and what is no log', async () => {
    writeFileSync(log('a.log'), lineOf('a'))
    writeFileSync(log('b.log'), lineOf('b'))
    writeFileSync(log('c.log.gz'), lineOf('c'))
    writeFileSync(log('console.log'), lineOf('what a guest says'))
    writeFileSync(log('d.log'), Buffer.from('1f8b0800000000000003', 'hex'))
    writeFileSync(log('e.log'), Buffer.alloc(5000, 3))
    const { source } = start({ groups: [{ paths: [join(logs, '*')], exclude: ['**/b.*'], start: 'beginning' }] })
    await messagesAre('a')
    await until(() => source.status().detail.includes('2 not read'))
    expect(source.status()).toMatchObject({ state: 'running', lag: 0 })
  })
})

describe('rotation', () => {
  it('by renaming is followed to the end of the old file, and into the new one', async () => {
    writeFileSync(log(), lineOf('one'))
    start()
    await messagesAre('one')
    renameSync(log(), log('nova-compute.log.1'))
    appendFileSync(log('nova-compute.log.1'), lineOf('two'))
    writeFileSync(log(), lineOf('three'))
    await messagesAre('one', 'two', 'three')
    appendFileSync(log('nova-compute.log.1'), lineOf('four, from a program that was not told'))
    await messagesAre('one', 'two', 'three', 'four, from a program that was not told')
  })

  it('several times between two looks loses nothing', async () => {
    writeFileSync(log(), lineOf('one'))
    start({ pace: { rescanMs: 300, pollMs: 300, idlePollMs: 300, quietMs: 40 } })
    await messagesAre('one')
    for (const [at, message] of ['two', 'three', 'four'].entries()) {
      for (let older = at; older >= 1; older -= 1)
        renameSync(log(`nova-compute.log.${String(older)}`), log(`nova-compute.log.${String(older + 1)}`))
      appendFileSync(log(), lineOf(`end of ${String(at)}`))
      renameSync(log(), log('nova-compute.log.1'))
      writeFileSync(log(), lineOf(message))
    }
    await messagesAre('one', 'two', 'three', 'four', 'end of 0', 'end of 1', 'end of 2')
  })

  it('by date is followed', async () => {
    writeFileSync(log('nova-compute-20261120.log'), lineOf('one'))
    start()
    await messagesAre('one')
    writeFileSync(log('nova-compute-20261121.log'), lineOf('two'))
    appendFileSync(log('nova-compute-20261120.log'), lineOf('late'))
    await messagesAre('one', 'two', 'late')
  })

  it.each(['*.log', '*'])('by copying and truncating is followed with the pattern %s', async pattern => {
    writeFileSync(log(), lineOf('one'))
    start({ groups: [{ paths: [join(logs, pattern)], start: 'beginning' }] })
    await messagesAre('one')
    appendFileSync(log(), lineOf('unread when it is truncated'))
    copyFileSync(log(), log('nova-compute.log.1'))
    truncateSync(log())
    await delay(60)
    appendFileSync(log(), lineOf('two'))
    await messagesAre('one', 'unread when it is truncated', 'two')
    expect(kept.messages().filter(message => message === 'one')).toHaveLength(1)
  })

  it('is seen although the new content has outgrown the old', async () => {
    const first = Array.from({ length: 20 }, (_, at) => lineOf(`old ${String(at)}`)).join('')
    const second = Array.from({ length: 40 }, (_, at) => lineOf(`new ${String(at)}`)).join('')
    writeFileSync(log(), first)
    start()
    await until(() => kept.messages().length === 20)
    writeFileSync(log(), second)
    await until(() => new Set(kept.messages()).size === 60)
  })

  it('reads a deleted file to its end, the last line without a newline too', async () => {
    writeFileSync(log(), lineOf('one'))
    start()
    await messagesAre('one')
    appendFileSync(log(), lineOf('two').trimEnd())
    rmSync(log())
    await messagesAre('one', 'two')
  })
})

describe('after a restart', () => {
  it('goes on where it was, and gives nothing twice that was durable', async () => {
    writeFileSync(log(), lineOf('one'))
    const first = startFileSource({ folder }, keepIn(kept))
    await messagesAre('one')
    await first.stop()
    appendFileSync(log(), lineOf('two'))
    start()
    await messagesAre('one', 'two')
    expect(kept.messages()).toHaveLength(2)
  })

  it('gives whole what was open at the end', async () => {
    writeFileSync(log(), lineOf('one') + lineOf('two'))
    const first = startFileSource({ folder, pace: { rescanMs: 20, pollMs: 5, quietMs: 3_600_000 } }, keepIn(kept))
    await messagesAre('one')
    appendFileSync(log(), '  more of two\n')
    await delay(30)
    await first.stop()
    appendFileSync(log(), '  the end of two\n')
    start()
    await messagesAre('one', 'two\n  more of two\n  the end of two')
  })

  it('finds what was rotated meanwhile, by renaming more than once', async () => {
    writeFileSync(log(), lineOf('one'))
    const first = startFileSource({ folder }, keepIn(kept))
    await messagesAre('one')
    await first.stop()
    appendFileSync(log(), lineOf('two'))
    renameSync(log(), log('nova-compute.log.2'))
    writeFileSync(log('nova-compute.log.1'), lineOf('three'))
    writeFileSync(log(), lineOf('four'))
    start()
    await messagesAre('one', 'two', 'three', 'four')
    expect(kept.messages()).toHaveLength(4)
  })

  it('finds what came and was rotated meanwhile, and was never seen under its own name', async () => {
    writeFileSync(log('nova-api.log'), lineOf('one'))
    const first = startFileSource({ folder }, keepIn(kept))
    await messagesAre('one')
    await first.stop()
    writeFileSync(log('nova-compute.log.2'), lineOf('two'))
    writeFileSync(log('nova-compute.log.1'), lineOf('three'))
    writeFileSync(log(), lineOf('four'))
    // It was away for a minute, and they were written half a minute ago.
    const state = join(folder, 'state', 'files.json')
    writeFileSync(state, readFileSync(state, 'utf8').replace(/(?<="savedAtMs":)\d+/, String(Date.now() - 60_000)))
    for (const name of ['nova-compute.log.2', 'nova-compute.log.1']) {
      utimesSync(log(name), Date.now() / 1000 - 30, Date.now() / 1000 - 30)
    }
    start()
    await messagesAre('one', 'two', 'three', 'four')
    expect(kept.messages()).toHaveLength(4)
  })

  it('finds what was copied and truncated meanwhile', async () => {
    writeFileSync(log(), lineOf('one'))
    const first = startFileSource({ folder }, keepIn(kept))
    await messagesAre('one')
    await first.stop()
    appendFileSync(log(), lineOf('two'))
    copyFileSync(log(), log('nova-compute.log.1'))
    writeFileSync(log(), lineOf('three'))
    start()
    await messagesAre('one', 'two', 'three')
    expect(kept.messages()).toHaveLength(3)
  })
})
