import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram, startProgram } from '../support/program.ts'

const RECORDING = join(import.meta.dirname, '..', '..', 'examples', 'zed-ovn')
const OTHER = join(import.meta.dirname, '..', '..', 'examples', 'zed-ovn-uwsgi')

/** Active after a second try. */
const RESCHEDULED = 'c3b2c32c-095c-463e-b42a-237656c53365'
/** The only launch of the other recording: no host fitted. */
const NO_HOST = '87a532cb'

const LAUNCH_KEYS = [
  'trace_id',
  'request_id',
  'instance_id',
  'project_id',
  'user_id',
  'display_name',
  'host',
  'availability_zone',
  'flavor',
  'image_id',
  'volume_ids',
  'port_ids',
  'started_at',
  'ended_at',
  'duration_seconds',
  'outcome',
  'phases',
  'attempts',
  'failure',
  'steps',
  'signals',
]
const SPAN_KEYS = [
  'span_id',
  'parent_span_id',
  'name',
  'service',
  'host',
  'started_at',
  'duration_seconds',
  'status',
  'attributes',
  'edges',
  'evidence',
]

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

type Mapping = Readonly<Record<string, unknown>>

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

function list(value: unknown): readonly Mapping[] {
  return Array.isArray(value) ? value.map(mapping) : []
}

function parse(text: string): unknown {
  return JSON.parse(text)
}

let folder: string
let data: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'launchtrace-e2e-'))
  data = join(folder, 'data')
  const { code, err } = await runProgram('import', RECORDING, OTHER, '--data', data)
  expect(err).toContain(' launches rebuilt.')
  expect(code).toBe(0)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('launchtrace launches', () => {
  it('prints every launch with exactly the documented fields, oldest first', async () => {
    const { code, out } = await runProgram('launches', '--json', '--data', data)
    const launches = list(parse(out))
    expect(code).toBe(0)
    expect(launches.length).toBeGreaterThan(25)
    for (const launch of launches) {
      expect(Object.keys(launch)).toEqual(LAUNCH_KEYS)
      expect(launch['started_at']).toMatch(TIME)
      expect(launch['trace_id']).toBe(String(launch['request_id']).slice('req-'.length).replaceAll('-', ''))
      for (const attempt of list(launch['attempts'])) {
        expect(Object.keys(attempt)).toEqual(['host', 'started_at', 'ended_at', 'outcome'])
      }
    }
    const starts = launches.map(launch => String(launch['started_at']))
    expect(starts).toEqual(starts.toSorted())
  })

  it('gives phases that add up to the duration of the launch', async () => {
    const { out } = await runProgram('launches', '--json', '--data', data)
    for (const { phases, duration_seconds: duration } of list(parse(out))) {
      const sum = Object.values(mapping(phases)).reduce<number>((total, seconds) => total + Number(seconds), 0)
      expect(sum).toBeCloseTo(Number(duration), 5)
    }
  })

  it('says of every failure its phase, service, host, cause, exception and message', async () => {
    const { out } = await runProgram('launches', '--json', '--outcome', 'error', '--data', data)
    const failures = list(parse(out)).map(({ failure }) => mapping(failure))
    expect(failures.length).toBeGreaterThan(10)
    for (const failure of failures) {
      expect(Object.keys(failure)).toEqual(['phase', 'service', 'host', 'cause', 'exception', 'message'])
      expect(failure['cause']).not.toBe('')
      expect(failure['message']).not.toBe('')
    }
  })

  it('narrows by outcome, host, time and instance, and takes the slowest', async () => {
    const ids = async (...words: readonly string[]): Promise<readonly unknown[]> => {
      const { out } = await runProgram('launches', '--json', '--data', data, ...words)
      return list(parse(out)).map(launch => launch['instance_id'])
    }
    expect(await ids('--instance', RESCHEDULED.slice(0, 8))).toEqual([RESCHEDULED])
    expect(await ids('--since', '2026-11-20T05:26:41Z', '--until', '2026-11-20T05:27:00Z')).toEqual([RESCHEDULED])
    expect(await ids('--outcome', 'active', '--host', 'compute-2', '--limit', '1')).toHaveLength(1)
    expect(await ids('--slowest', '1')).toHaveLength(1)
  })

  it('prints a table with a bar of phases for people', async () => {
    const { code, out } = await runProgram('launches', '--data', data)
    expect(code).toBe(0)
    expect(out).toMatch(/^started \(UTC\) +id +outcome +duration/)
    expect(out).toContain(RESCHEDULED.slice(0, 8))
    expect(out).toMatch(/\d+ launches: \d+ active, \d+ error, \d+ deleted\n$/)
  })

  it('ends with 3 and an empty array when nothing matches', async () => {
    const { code, out } = await runProgram('launches', '--json', '--project', 'nobody', '--data', data)
    expect({ code, out }).toEqual({ code: 3, out: '[]\n' })
  })
})

describe('launchtrace show', () => {
  it('draws the waterfall of a launch, found by its request id, trace id, instance uuid or a beginning', async () => {
    const [shown] = list(parse((await runProgram('launches', '--json', '--instance', RESCHEDULED, '--data', data)).out))
    const request = String(shown?.['request_id'])
    const trace = String(shown?.['trace_id'])
    const texts = new Set<string>()
    for (const id of [request, trace, RESCHEDULED, RESCHEDULED.slice(0, 8)]) {
      const { code, out } = await runProgram('show', id, '--data', data)
      expect(code).toBe(0)
      texts.add(out)
    }
    const [text = ''] = [...texts]
    expect(texts.size).toBe(1)
    expect(text).toContain('It took 2\nattempts: compute-1, then compute-2.')
    expect(text).toMatch(/^POST \/servers/m)
  })

  it('prints the launch and its spans with exactly the documented fields', async () => {
    const { out } = await runProgram('show', RESCHEDULED, '--json', '--data', data)
    const whole = mapping(parse(out))
    const spans = list(whole['spans'])
    expect(Object.keys(whole)).toEqual(['launch', 'spans'])
    expect(Object.keys(mapping(whole['launch']))).toEqual(LAUNCH_KEYS)
    const ids = new Set(spans.map(span => span['span_id']))
    for (const span of spans) {
      expect(Object.keys(span)).toEqual(SPAN_KEYS)
      expect(span['span_id']).toMatch(/^[0-9a-f]{16}$/)
      expect(Object.keys(mapping(span['edges']))).toEqual(['start', 'end'])
      if (span['parent_span_id'] !== '') expect(ids).toContain(span['parent_span_id'])
      for (const line of list(span['evidence'])) {
        expect(Object.keys(line)).toEqual(['at', 'service', 'host', 'source', 'text'])
      }
    }
    expect(ids.size).toBe(spans.length)
  })

  it('quotes the lines that prove each span', async () => {
    const { out } = await runProgram('show', RESCHEDULED, '--evidence', '--data', data)
    expect(out).toContain('Claim successful on node compute-1')
    expect(out).toContain('Claim successful on node compute-2')
  })

  it('shows all instances of one request together', async () => {
    const launches = list(parse((await runProgram('launches', '--json', '--data', data)).out))
    const several = launches.find(({ display_name: name }) => String(name).startsWith('multi-create'))
    const { code, out } = await runProgram('show', String(several?.['request_id']), '--data', data)
    expect(code).toBe(0)
    expect(out.match(/^instance +/gm)).toHaveLength(3)
  })

  it('ends with 3 when there is no such launch', async () => {
    const { code, err } = await runProgram('show', 'ffffffff', '--data', data)
    expect(code).toBe(3)
    expect(err).toContain('No launch has the id "ffffffff"')
  })
})

describe('launchtrace report', () => {
  it('counts outcomes, causes and hosts for people and for programs', async () => {
    const people = await runProgram('report', '--data', data)
    const programs = await runProgram('report', '--json', '--data', data)
    expect(people.code).toBe(0)
    expect(people.out).toContain('quota_exceeded')
    expect(programs.code).toBe(0)
    expect(Object.keys(mapping(parse(programs.out)))).toEqual(
      expect.arrayContaining(['phases', 'outcomes', 'causes', 'hosts']),
    )
  })

  it('ends with 3 for a range without launches', async () => {
    expect((await runProgram('report', '--since', '2027-01-01', '--data', data)).code).toBe(3)
  })
})

describe('import and rebuild, done again,', () => {
  it('change nothing', async () => {
    const print = async (): Promise<string> => (await runProgram('launches', '--json', '--data', data)).out
    const before = await print()
    expect((await runProgram('import', OTHER, RECORDING, '--data', data)).code).toBe(0)
    expect(await print()).toBe(before)
    const rebuilt = await runProgram('rebuild', '--data', data)
    expect(rebuilt.code).toBe(0)
    expect(rebuilt.err).toMatch(/^\d+ launches rebuilt\.$/m)
    expect(await print()).toBe(before)
  })
})

describe('launchtrace serve', () => {
  it('serves the launches over HTTP, answers commands that find its data directory held, and ends on Ctrl-C', async () => {
    const serving = startProgram('serve', '--port', '0', '--data', data)
    const [, url = ''] = await serving.says(/Serving (http:\/\/127\.0\.0\.1:\d+)\//)
    try {
      const found = list(await (await fetch(`${url}/api/launches?instance=${NO_HOST}`)).json())
      expect(found.map(({ outcome }) => outcome)).toEqual(['error'])
      expect(mapping(found[0]?.['failure'])).toMatchObject({ phase: 'schedule', cause: 'no_valid_host' })
      expect((await fetch(`${url}/api/launches/${NO_HOST}`)).status).toBe(200)
      expect((await fetch(`${url}/api/launches/ffffffff`)).status).toBe(404)
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      const asked = await runProgram('show', NO_HOST, '--data', data)
      expect(asked.code).toBe(0)
      expect(asked.out).toContain('No valid host')
      const refused = await runProgram('import', OTHER, '--data', data)
      expect(refused.code).toBe(1)
      expect(refused.err).toContain(`The data directory ${data} is in use by process `)
      expect(refused.err).toContain('Stop that process')
    } finally {
      expect((await serving.interrupt()).code).toBe(0)
    }
    expect((await runProgram('launches', '--limit', '1', '--data', data)).code).toBe(0)
  })
})
