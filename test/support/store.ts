import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hash128, hash64 } from '../../src/core/hash.ts'
import type { Evidence, Launch, Span } from '../../src/core/launch.ts'
import type { Signal } from '../../src/core/signal.ts'
import { micros, plusSeconds } from '../../src/core/time.ts'
import type { UnixMicros } from '../../src/core/time.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { serveHttpInterface } from '../../src/store/http-interface.ts'
import { openServerStore } from '../../src/store/server.ts'
import type { Store } from '../../src/store/store.ts'

/** Wednesday, 2024-05-15T12:00:00Z. */
export const NOON = micros(1_715_774_400_000_000)

/** Something to open stores in, again and again: the data outlives each of them until `remove`. */
export interface StorePlace {
  open(): Promise<Store>
  remove(): Promise<void>
}

export function makeTemporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'launchtrace-store-'))
}

export function embeddedPlace(): StorePlace {
  const directory = makeTemporaryDirectory()
  return {
    open: () => openEmbeddedStore({ directory }),
    remove: () => {
      rmSync(directory, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}

/** Over ClickHouse's HTTP protocol, served by the embedded engine. */
export async function httpPlace(): Promise<StorePlace> {
  const directory = makeTemporaryDirectory()
  const engine = await openEmbeddedStore({ directory })
  const http = await serveHttpInterface({
    openSession: () => engine.openSession(),
    host: '127.0.0.1',
    port: 0,
    readOnly: false,
    password: 'secret',
  })
  return {
    open: () => openServerStore({ url: http.url, database: 'over_http', user: 'default', password: 'secret' }),
    remove: async () => {
      await http.close()
      await engine.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Over HTTP on a real server that somebody else started, in a database of its own. */
export function serverPlace(url: string): StorePlace {
  const database = `launchtrace_test_${String(process.pid)}_${String(Date.now())}`
  return {
    open: () => openServerStore({ url, database }),
    remove: async () => {
      await fetch(`${url}/?${new URLSearchParams({ query: `DROP DATABASE ${database}` }).toString()}`, {
        method: 'POST',
      })
    },
  }
}

/** The same text gives the same uuid. */
export function uuidOf(text: string): string {
  return hash128(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function requestOf(text: string): string {
  return `req-${uuidOf(text)}`
}

/** A signal of nova-compute unless told otherwise; its id follows from what it says. */
export function makeSignal(given: Partial<Signal> = {}): Signal {
  const body = {
    name: 'nova.compute.claim.ok',
    at: NOON,
    host: 'compute-1',
    service: 'nova-compute',
    source: 'log',
    requestMeaning: 'launch',
    request: '',
    globalRequest: '',
    project: 'demo',
    user: 'someone',
    instances: [],
    ports: [],
    volumes: [],
    aliases: [],
    attributes: {},
    text: '',
    ...given,
  } as const
  return { id: hash128(JSON.stringify(body)), ...body }
}

function makeEvidence(at: UnixMicros, text: string): Evidence {
  return { at, service: 'nova-compute', host: 'compute-1', source: '/var/log/nova/nova-compute.log', text }
}

function makeSpan(index: number, startedAt: UnixMicros, instance: string): Span {
  const shared = makeEvidence(startedAt, `[instance: ${instance}] Attempting claim on 'node' \t\\ ☃`)
  return {
    spanId: hash64(`${instance} ${String(index)}`),
    parentSpanId: index === 0 ? '' : hash64(`${instance} 0`),
    name: index === 0 ? 'launch' : 'claim',
    service: 'nova-compute',
    host: 'compute-1',
    startedAt: plusSeconds(startedAt, index * 0.25),
    durationSeconds: 0.1 + 0.2,
    status: index === 0 ? 'ok' : 'error',
    attributes: { "odd 'key'": 'new\nline', index: String(index) },
    edges: { start: 'measured', end: index === 0 ? 'derived' : 'inferred' },
    evidence: index === 0 ? [shared] : [shared, makeEvidence(plusSeconds(startedAt, index), 'Claim successful')],
  }
}

/** An active launch of 4.5 seconds with three spans; `name` decides its ids. */
export function makeLaunch(name: string, given: Partial<Launch> = {}): Launch {
  const startedAt = given.startedAt ?? NOON
  const request = requestOf(name)
  const instance = uuidOf(`instance of ${name}`)
  return {
    traceId: request.slice('req-'.length).replaceAll('-', ''),
    requestId: request,
    instanceId: instance,
    projectId: 'demo',
    userId: 'someone',
    displayName: `the "${name}"`,
    host: 'compute-1',
    availabilityZone: 'nova',
    flavor: 'm1.small',
    imageId: uuidOf('image'),
    volumeIds: [uuidOf('volume')],
    portIds: [uuidOf('port 1'), uuidOf('port 2')],
    startedAt,
    endedAt: plusSeconds(startedAt, 4.5),
    durationSeconds: 4.5,
    outcome: 'active',
    phases: { api: 0.5, claim: 1.5, domain_start: 2.5 },
    open: undefined,
    attempts: [
      { host: 'compute-2', startedAt, endedAt: plusSeconds(startedAt, 1), outcome: 'error' },
      { host: 'compute-1', startedAt: plusSeconds(startedAt, 1), endedAt: undefined, outcome: 'active' },
    ],
    failure: undefined,
    steps: ['A4', 'B13'],
    signals: 12,
    spans: [0, 1, 2].map(index => makeSpan(index, startedAt, instance)),
    ...given,
  }
}

export async function collect<Item>(batches: AsyncIterable<readonly Item[]>): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const batch of batches) items.push(...batch)
  return items
}
