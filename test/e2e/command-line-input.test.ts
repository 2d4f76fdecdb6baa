import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import type { Ended } from '../support/program.ts'
import { runProgram } from '../support/program.ts'

const RECORDING = join(import.meta.dirname, '..', '..', 'examples', 'zed-ovn')
const SMALL = join(import.meta.dirname, '..', '..', 'examples', 'zed-ovn-uwsgi')

let folder: string
let data: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'launchtrace-input-'))
  data = join(folder, 'data')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Imports a file of that name and content, with a good recording beside it. */
async function importBeside(name: string, content: string | Buffer): Promise<Ended & { readonly path: string }> {
  const path = join(folder, name)
  await writeFile(path, content)
  return { ...(await runProgram('import', path, SMALL, '--data', data)), path }
}

describe('launchtrace import tells of bad input by name, and imports the rest:', () => {
  it('a missing path', async () => {
    const path = join(folder, 'nowhere')
    const { code, err } = await runProgram('import', path, SMALL, '--data', data)
    expect(code).toBe(1)
    expect(err).toContain(`${path}: there is no such file or folder. Check the path.`)
    expect(err).toContain('1 launches rebuilt.')
  })

  it('a path that cannot be followed', async () => {
    const path = join(folder, 'circle')
    await symlink(path, path)
    const { code, err } = await runProgram('import', path, SMALL, '--data', data)
    expect(code).toBe(1)
    expect(err).toContain(`${path}: its symbolic links lead in a circle.`)
    expect(err).toContain('1 launches rebuilt.')
  })

  // Root may read everything.
  if (process.getuid?.() !== 0) {
    it('a file that may not be read', async () => {
      const path = join(folder, 'nova-api.log')
      await writeFile(path, 'secret')
      await chmod(path, 0)
      const { code, err } = await runProgram('import', path, SMALL, '--data', data)
      expect(code).toBe(1)
      expect(err).toContain(`${path}: reading it is not permitted.`)
      expect(err).toContain('1 launches rebuilt.')
    })
  }

  it('a binary file', async () => {
    const { code, err, path } = await importBeside('nova-api.log', randomBytes(100_000))
    expect(code).toBe(1)
    expect(err).toContain(`${path}: it is binary, not text. Name logs and recorded notifications only.`)
    expect(err).toContain('1 launches rebuilt.')
  })

  it('an empty file', async () => {
    const { err, path } = await importBeside('nova-api.log', '')
    expect(err).toContain(`${path}: it is empty.`)
    expect(err).toContain('1 launches rebuilt.')
  })

  it('a truncated gzip, of which what is there is read', async () => {
    const whole = gzipSync(await readFile(join(RECORDING, 'logs', 'controller-1', 'nova-api.log')))
    const { code, err, path } = await importBeside('nova-api.log.gz', whole.subarray(0, whole.length / 2))
    expect(code).toBe(0)
    expect(err).toContain(`${path}: it ends in the middle of its compressed data. What is there was read`)
    expect(err).not.toContain('\n1 launches rebuilt.')
  })

  it('notifications that are no JSON, which are counted', async () => {
    const lines = gunzipSync(await readFile(join(RECORDING, 'notifications.jsonl.gz')))
      .toString('utf8')
      .split('\n')
    const { code, err } = await importBeside('notifications.jsonl', [lines[0], '{"broken', 'no JSON', ''].join('\n'))
    const row = /^notifications +(\d+) +(\d+) +(\d+) +(\d+)$/m.exec(err)
    expect(code).toBe(0)
    // The other recording has 14 of its own.
    expect(row?.slice(1).map(Number)).toEqual([17, 15, 0, 2])
  })

  it('lines in no encoding and of no format, which are counted', async () => {
    const noise = Buffer.concat([Buffer.from([0xff, 0xfe, 0x80, 0x0a]), Buffer.from('just words\n')])
    const good = await readFile(join(SMALL, 'logs', 'controller-1', 'nova-scheduler.log'))
    const { code, err } = await importBeside('nova-scheduler.log', Buffer.concat([good, noise]))
    expect(code).toBe(0)
    expect(err).toContain('1 launches rebuilt.')
  })
})

describe('launchtrace import ends', () => {
  it('with 1 when nothing of what was named can be read', async () => {
    expect((await runProgram('import', join(folder, 'nowhere'), '--data', data)).code).toBe(1)
  })

  it('with 3 when a folder holds nothing to read', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    const { code, err } = await runProgram('import', empty, '--data', data)
    expect(code).toBe(3)
    expect(err).toContain(`${empty}: `)
  })

  it('with 2 and before reading anything when an option makes no sense', async () => {
    const { code, err } = await runProgram('import', SMALL, '--timezone', 'Mars', '--data', data)
    expect(code).toBe(2)
    expect(err).toContain('--timezone is "Mars"; it takes UTC, +02:00 or a name such as Europe/Rome')
  })
})

describe('a data directory', () => {
  it('that a newer version wrote is refused with both versions, and stays as it is', async () => {
    const store = await openEmbeddedStore({ directory: data })
    const session = store.openSession()
    session.query("INSERT INTO schema_version (version, name) VALUES (4000, 'future')")
    session.close()
    await store.close()
    for (const words of [['import', SMALL], ['launches']]) {
      const { code, err } = await runProgram(...words, '--data', data)
      expect(code).toBe(1)
      expect(err).toContain(`The data in ${data} has schema version 4000, and this launchtrace knows versions up to `)
      expect(err).toContain('Use the newer launchtrace that wrote it')
    }
  })

  it('that cannot be made is named', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const { code, err } = await runProgram('rebuild', '--data', join(file, 'data'))
    expect(code).toBe(1)
    expect(err).toContain(join(file, 'data'))
  })

  it('that is new is empty: commands that look end with 3', async () => {
    for (const words of [['launches'], ['show', 'req-1234'], ['report']]) {
      expect((await runProgram(...words, '--data', data)).code, words[0]).toBe(3)
    }
  })
})

describe('wrong use ends with 2 and says what is right:', () => {
  const cases: readonly (readonly [words: readonly string[], says: string])[] = [
    [[], 'Usage: launchtrace'],
    [['fly'], "unknown command 'fly'"],
    [['import'], "missing required argument 'paths'"],
    [['launches', '--outcome', 'good'], 'it takes one of active, error, deleted, in_progress, lost'],
    [['serve', '--port', '99999'], 'It takes a number from 0 to 65535'],
    [['launches', '--clickhouse', 'ftp://x'], 'it takes a URL such as http://localhost:8123/launchtrace'],
  ]
  it.each(cases)('launchtrace %j', async (words, says) => {
    const { code, err } = await runProgram(...words)
    expect(code).toBe(2)
    expect(err).toContain(says)
  })
})

describe('help', () => {
  it('lists every command, and each has an example', async () => {
    const { code, out } = await runProgram('--help')
    const commands = [...out.matchAll(/^ {2}(\w+) .*\S$/gm)].map(([, name]) => name)
    expect(code).toBe(0)
    expect(commands).toEqual(
      expect.arrayContaining(['import', 'launches', 'show', 'report', 'rebuild', 'serve', 'demo']),
    )
    expect((await runProgram('import', '--help')).out).toContain('Example:\n  $ launchtrace import ')
  })
})

describe('a ClickHouse server that does not answer', () => {
  it('is named, with what to check', async () => {
    const { code, err } = await runProgram('launches', '--clickhouse', 'http://127.0.0.1:1/launchtrace')
    expect(code).toBe(1)
    expect(err).toContain('http://127.0.0.1:1')
    expect(err).toContain('Check the address and that the server runs.')
  })
})
