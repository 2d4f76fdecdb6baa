import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ended, Running } from '../support/program.ts'
import { startProgram } from '../support/program.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { readTruth } from '../support/truth.ts'

const FETCH = { headers: { accept: 'application/json' } }

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

describe('npm start', () => {
  let demo: Running
  let url: string
  let ended: Ended | undefined

  beforeAll(async () => {
    demo = startProgram('demo', '--port', '0')
    const [, found = ''] = await demo.says(/Serving (http:\/\/127\.0\.0\.1:\d+)\//)
    url = found
  })
  afterAll(async () => {
    ended ??= await demo.interrupt()
  })

  async function get(path: string): Promise<unknown> {
    const response = await fetch(`${url}${path}`, FETCH)
    expect(response.status, path).toBe(200)
    return response.json()
  }

  it('rebuilds exactly the launches that the clients of the bundled recordings asked for', async () => {
    const truths = EXAMPLES.flatMap(({ truth }) => (truth === undefined ? [] : readTruth(truth)))
    const asked = truths.flatMap(({ requestId, servers }) =>
      servers.length === 0 ? [requestId] : servers.map(({ id }) => id),
    )
    const found = records(await get('/api/launches')).map(launch => launch['instance_id'] ?? launch['request_id'])
    expect(asked.length).toBeGreaterThan(20)
    expect(found.toSorted()).toEqual(asked.toSorted())
  })

  it('shows a success, a second try, every kind of failure, a refusal and a delete', async () => {
    const launches = records(await get('/api/launches'))
    const outcomes = new Set(launches.map(({ outcome }) => outcome))
    const phases = new Set(launches.map(({ failure }) => (isRecord(failure) ? failure['phase'] : undefined)))
    expect([...outcomes].toSorted()).toEqual(['active', 'deleted', 'error'])
    expect([...phases].filter(phase => phase !== undefined).toSorted()).toEqual(
      ['api', 'block_device', 'config_drive', 'image', 'network', 'schedule', 'vif_wait'].toSorted(),
    )
    expect(
      launches.filter(({ attempts, outcome }) => records(attempts).length === 2 && outcome === 'active'),
    ).toHaveLength(1)
  })

  it('gives each launch with its spans and their evidence', async () => {
    for (const { instance_id: id } of records(await get('/api/launches?outcome=active'))) {
      const whole = await get(`/api/launches/${String(id)}`)
      const { launch, spans } = isRecord(whole) ? whole : {}
      expect(launch).toMatchObject({ instance_id: id, outcome: 'active' })
      expect(records(spans).filter(({ parent_span_id: parent }) => parent === '')).toHaveLength(1)
      expect(records(spans).some(({ evidence }) => records(evidence).length > 0)).toBe(true)
    }
  })

  it('prints the list and the waterfall of the launch that was tried twice', () => {
    const out = demo.out()
    expect(out).toContain('started (UTC)')
    expect(out).toMatch(/reschedule-\w+ became active in .* on compute-2/)
    expect(out).toMatch(/^POST \/servers +nova-api@controller-1/m)
    expect(demo.err()).toContain(' launches rebuilt.')
  })

  it('ends well on Ctrl-C', async () => {
    ended = await demo.interrupt()
    expect(ended.code).toBe(0)
  })
})
