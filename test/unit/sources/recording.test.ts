import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatMicros } from '../../../src/core/time.ts'
import type { LogRecord } from '../../../src/parse/record.ts'
import { openRecording } from '../../../src/sources/open-recording.ts'
import { formatProblem } from '../../../src/sources/problem.ts'
import type { ReadSummary } from '../../../src/sources/read-summary.ts'
import type { RecordingOptions } from '../../../src/sources/recording.ts'

let folder = ''
beforeEach(async () => {
  // The random end of the outer folder's name may look like the number of a host.
  folder = join(await mkdtemp(join(tmpdir(), 'launchtrace-recording-')), 'recording')
  await mkdir(folder)
})
afterEach(async () => {
  await rm(dirname(folder), { recursive: true })
})

async function put(path: string, content: string | Uint8Array): Promise<string> {
  const full = join(folder, path)
  await mkdir(dirname(full), { recursive: true })
  await writeFile(full, content)
  return full
}

function line(message: string, time = '05:16:50.459'): string {
  return `2026-11-20 ${time} 457 INFO nova.compute.manager [-] ${message}\n`
}

interface Result {
  readonly records: readonly LogRecord[]
  readonly deliveries: readonly string[]
  readonly summary: ReadSummary
  readonly problems: readonly string[]
}

async function read(paths: readonly string[] = [folder], options: Partial<RecordingOptions> = {}): Promise<Result> {
  const recording = await openRecording({ paths, wanted: () => true, ...options })
  const [records, deliveries]: [LogRecord[], string[]] = [[], []]
  for await (const batch of recording.read()) {
    if (batch.kind === 'records') records.push(...batch.records)
    else deliveries.push(...batch.deliveries)
  }
  const summary = recording.summary()
  return { records, deliveries, summary, problems: summary.problems.map(formatProblem) }
}

const messages = ({ records }: Result): readonly string[] => records.map(record => record.message)

// `printf '2026-11-20 05:16:50.459 457 INFO nova.compute.manager [-] bzip\n' | bzip2 | base64`
const BZIP2 =
  'QlpoOTFBWSZTWaCxfAMAAArfgAAQQAN3sAEhgAo6o9cQIABUYwEwTQxGBNoMaPSMj0npNlPUB6gdPEWQyFIabTo4r5m7OL6POoIQjXJYqtkvWYC8ZPgAh8JBUsgnOhdyRThQkKCxfAM='

describe('openRecording', () => {
  it('reads logs and notifications, packed or not, whatever their names say', async () => {
    await put('logs/compute-1/nova-compute.log', line('plain'))
    await put('logs/compute-2/nova-compute.log.gz', gzipSync(line('gzip')))
    await put('logs/compute-3/nova-compute.log', zstdCompressSync(line('zstd')))
    await put('notifications.jsonl', '{"exchange": "nova", "routing_key": "x", "body": "{}"}\n\n')
    const result = await read()
    expect(result.records.map(record => `${record.host} ${record.service} ${record.message}`)).toEqual([
      'compute-1 nova-compute plain',
      'compute-2 nova-compute gzip',
      'compute-3 nova-compute zstd',
    ])
    expect(result.deliveries).toEqual(['{"exchange": "nova", "routing_key": "x", "body": "{}"}'])
    expect(result.summary).toMatchObject({ filesRead: 4, filesTotal: 4, deliveries: 1, problems: [] })
    expect(result.summary.bytesRead).toBe(result.summary.bytesTotal)
    expect(result.summary.services.get('nova-compute')).toMatchObject({ files: 3, lines: 3, heads: 3, undecodable: 0 })
  })

  it('passes over what lies beside recordings, by name, and files without a line of a log', async () => {
    await put('README.md', line('no'))
    await put('truth.jsonl', '{}\n')
    await put('rpc.jsonl.gz', gzipSync('{}\n'))
    await put('etc/hosts', '127.0.0.1 localhost\n')
    await put('notes.txt', 'words\n')
    const { summary } = await read()
    expect(summary.skipped.map(skipped => skipped.path.slice(folder.length + 1))).toEqual([
      'README.md',
      'rpc.jsonl.gz',
      'truth.jsonl',
      'etc/hosts',
      'notes.txt',
    ])
    expect(summary.filesRead).toBe(0)
  })

  it('reads a file that is named itself, and a file that is named twice once', async () => {
    const path = await put('odd-name', line('a'))
    await symlink(path, join(folder, 'link'))
    expect(messages(await read([path, path, folder], { host: 'cmp9' }))).toEqual(['a'])
  })

  it('gives lines without a host the default one', async () => {
    await put('nova-compute.log', line('a'))
    expect((await read([folder], { host: 'cmp9' })).records[0]?.host).toBe('cmp9')
  })

  it('reads local time in the zone of the recording or of the host', async () => {
    await put('one/nova-compute.log', line('a'))
    await put('two/nova-compute.log', line('b'))
    const zones = { timezone: 'Europe/Rome', timezoneByHost: new Map([['two', '-01:00']]) }
    const { records } = await read([folder], zones)
    expect(records.map(record => formatMicros(record.at).slice(11, 19))).toEqual(['04:16:50', '06:16:50'])
    await expect(openRecording({ paths: [folder], wanted: () => true, timezone: 'Mars' })).rejects.toThrow(/Mars/)
  })

  it('reads rotated files in their order, so that an hour that comes twice is told apart', async () => {
    const at = (time: string): string => line(time, time).replace('2026-11-20', '2026-10-25')
    await put('h1/nova-compute.log', at('02:10:00.000'))
    await put('h1/nova-compute.log.1', at('02:50:00.000'))
    const { records } = await read([folder], { timezone: 'Europe/Rome' })
    expect(records.map(record => formatMicros(record.at).slice(11, 19))).toEqual(['00:50:00', '01:10:00'])
  })

  it('finds the year of dates without one beside them', async () => {
    await put('h1/nova-compute.log', line('a').replace('2026', '2019'))
    await put('h1/haproxy.log', 'Nov 20 05:17:00 h1 haproxy[1]: b\n')
    const { records } = await read()
    expect(records.map(record => formatMicros(record.at).slice(0, 4))).toEqual(['2019', '2019'])
  })

  it('stops when it is told to', async () => {
    await put('h1/nova-compute.log', line('a'))
    await put('h2/nova-compute.log', line('b'))
    const recording = await openRecording({ paths: [folder], wanted: () => true })
    const stop = new AbortController()
    const found: LogRecord[] = []
    for await (const batch of recording.read(stop.signal)) {
      if (batch.kind === 'records') found.push(...batch.records)
      stop.abort()
    }
    expect(found).toHaveLength(1)
    expect(recording.summary().filesRead).toBe(1)
  })
})

describe('bad input', () => {
  it('names a path that is not there and reads the rest', async () => {
    const path = await put('nova-compute.log', line('a'))
    const result = await read([join(folder, 'missing'), path])
    expect(messages(result)).toEqual(['a'])
    expect(result.problems).toEqual([`${folder}/missing: there is no such file or folder. Check the path.`])
  })

  it('names empty files and folders', async () => {
    await mkdir(join(folder, 'empty'))
    const path = await put('full/nova-compute.log', '')
    const { summary } = await read([join(folder, 'empty'), path])
    expect(summary.problems.map(problem => problem.what)).toEqual(['there is nothing to read in it', 'it is empty'])
  })

  it('refuses what is no text, and says what it is', async () => {
    await put('a.log', Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 37) % 256)))
    await put('b.log', Buffer.concat([Buffer.from('fd377a585a00', 'hex'), Buffer.alloc(50)]))
    const tar = Buffer.alloc(1024)
    tar.write('ustar', 257)
    await put('c.tar.gz', gzipSync(tar))
    await put('d.journal', 'LPKSHHRH')
    const { problems } = await read()
    expect(problems).toEqual([
      `${folder}/a.log: it is binary, not text. Name logs and recorded notifications only.`,
      `${folder}/b.log: it is compressed with xz. Unpack it with \`xz -d\` first.`,
      `${folder}/c.tar.gz: it is a tar archive. Unpack it first and import the folder.`,
      `${folder}/d.journal: it is a systemd journal's own file. Export it first: journalctl --file FILE -o export > journal.export`,
    ])
  })

  it('reads what is there of a file that ends in the middle', async () => {
    const whole = gzipSync(Array.from({ length: 5000 }, (_, at) => line(String(at * 7919))).join(''))
    await put('nova-compute.log.gz', whole.subarray(0, whole.length / 2))
    const { records, problems } = await read()
    expect(records.length).toBeGreaterThan(1000)
    expect(problems).toEqual([
      `${folder}/nova-compute.log.gz: it ends in the middle of its compressed data. What is there was read; fetch the whole file.`,
    ])
  })

  it('reads a gzip file of several parts without complaint', async () => {
    await put('nova-compute.log.gz', Buffer.concat([gzipSync(line('a')), gzipSync(line('b'))]))
    const result = await read()
    expect(messages(result)).toEqual(['a', 'b'])
    expect(result.problems).toEqual([])
  })

  it('names a file whose packed data is damaged', async () => {
    await put('nova-compute.log.bz2', Buffer.from('BZh91AY&SY damaged data'))
    const packed = zstdCompressSync(Array.from({ length: 5000 }, (_, at) => line(String(at * 7919))).join(''))
    await put('nova-conductor.log.zst', packed.fill(0, 1000))
    const { summary } = await read()
    expect(summary.problems.map(problem => problem.severity)).toEqual(['error', 'error'])
  })

  it('reads bzip2', async () => {
    await put('nova-compute.log.bz2', Buffer.from(BZIP2, 'base64'))
    expect(messages(await read())).toEqual(['bzip'])
  })

  it('passes a line of many megabytes in little memory', async () => {
    await put(
      'nova-compute.log',
      Buffer.concat([Buffer.from(line('a')), Buffer.alloc(20_000_000, 'x'), Buffer.from(`\n${line('b')}`)]),
    )
    const result = await read()
    expect(messages(result).map(message => message.slice(0, 3))).toEqual(['a\nx', 'b'])
    expect(result.summary).toMatchObject({ oversizedLines: 1, cutRecords: 1 })
  })

  it('counts lines that are not UTF-8 and reads them', async () => {
    await put(
      'nova-compute.log',
      Buffer.concat([Buffer.from(line('a').trimEnd()), Buffer.from([0xff]), Buffer.from('\n')]),
    )
    const result = await read()
    expect(messages(result)).toEqual(['a\ufffd'])
    expect(result.summary.invalidLines).toBe(1)
  })
})
