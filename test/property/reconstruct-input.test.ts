import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importRecording } from '../../collector/import.ts'
import { rebuildLaunches } from '../../collector/rebuild.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { createFakeStore } from '../support/fake-store.ts'

/* Whatever stands in the files, everything from their bytes to launches is total: nothing throws, everything is counted. */

const [example] = EXAMPLES

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line, index) => line !== '' && index % 7 === 0)
}

/** Real lines, to be damaged: every seventh of every log and of the notifications. */
function realLines(): { readonly logs: readonly string[]; readonly deliveries: readonly string[] } {
  if (example?.notifications === undefined) return { logs: [], deliveries: [] }
  const files = readdirSync(example.logs, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.log'))
  return {
    logs: files.toSorted().flatMap(name => linesOf(readFileSync(join(example.logs, name), 'utf8'))),
    deliveries: linesOf(gunzipSync(readFileSync(example.notifications)).toString()),
  }
}

const real = realLines()
const bytes = fc.uint8Array({ maxLength: 60 }).map(array => Buffer.from(array))

/** Bytes of a line with a stretch of it replaced by others, or left out. */
function damaged(line: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  return fc.tuple(line, bytes, fc.nat(), fc.nat({ max: 200 })).map(([text, put, at, cut]) => {
    const whole = Buffer.from(text)
    const place = at % (whole.length + 1)
    return Buffer.concat([whole.subarray(0, place), put, whole.subarray(place + cut)])
  })
}

function fileOf(lines: readonly string[]): fc.Arbitrary<Buffer> {
  const line = fc.constantFrom(...lines)
  const intact = line.map(text => Buffer.from(text))
  const each = fc.oneof({ weight: 3, arbitrary: intact }, { weight: 3, arbitrary: damaged(line) }, bytes)
  const newline = fc.constantFrom(...['\n', '\r\n', ''].map(text => Buffer.from(text)))
  return fc.array(fc.tuple(each, newline), { maxLength: 60 }).map(parts => Buffer.concat(parts.flat()))
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'launchtrace-input-'))
  await work(folder).finally(() => rmSync(folder, { recursive: true, force: true }))
}

test('the real lines that are damaged here are there', () => {
  expect(real.logs.length).toBeGreaterThan(500)
  expect(real.deliveries.length).toBeGreaterThan(100)
})

test('any bytes are read, recognised, counted and rebuilt without an error', async () => {
  const law = (log: Buffer, deliveries: Buffer): Promise<void> =>
    inFolder(async folder => {
      mkdirSync(join(folder, 'compute-1'))
      writeFileSync(join(folder, 'compute-1', 'nova-compute.log'), log)
      writeFileSync(join(folder, 'notifications.jsonl'), deliveries)
      const store = createFakeStore()
      const { read, notifications } = await importRecording(store, { paths: [folder], onProgress: () => undefined })
      const { lines, heads, continuations, blank, undecodable } = read.lines
      expect(heads + continuations + blank + undecodable).toBe(lines)
      expect(notifications.recognised + notifications.unknown + notifications.undecodable).toBe(notifications.read)
      const found = await rebuildLaunches(store, () => undefined)
      expect(found.launches).toBeGreaterThanOrEqual(0)
    })
  await fc.assert(fc.asyncProperty(fileOf(real.logs), fileOf(real.deliveries), law), { numRuns: 60 })
})
