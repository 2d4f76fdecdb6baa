import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { LaunchTraceError } from '../../src/core/errors.ts'
import type { Launch } from '../../src/core/launch.ts'
import { formatMicros, parseMicros } from '../../src/core/time.ts'
import type { LaunchFilter } from '../../src/store/store.ts'
import type { ProcessStatus } from '../process/status.ts'
import type { LaunchJson, SpanJson } from '../render/json.ts'
import type { ReportJson } from '../render/report-json.ts'
import { reportFromJson } from '../render/report-json.ts'
import { UsageError } from '../usage-error.ts'
import { launchFromJson } from './from-json.ts'
import type { LaunchReader } from './launch-reader.ts'

/** A running launchtrace did not answer, or answered something else than was asked for. */
class RemoteError extends LaunchTraceError {
  override readonly code = 'LAUNCHTRACE_STORE_UNAVAILABLE'
  override readonly retryable = true
}

const BATCH = 500

function parameters(filter: LaunchFilter): string {
  const { since, until, ...rest } = filter
  const texts = new URLSearchParams()
  for (const [name, value] of Object.entries(rest)) texts.set(name, String(value))
  if (since !== undefined) texts.set('since', formatMicros(since))
  if (until !== undefined) texts.set('until', formatMicros(until))
  return texts.toString()
}

/** Whoever serves beyond loopback wants a token. */
function authorization(): Readonly<Record<string, string>> {
  const token = process.env['LAUNCHTRACE_TOKEN']
  return token === undefined ? {} : { Authorization: `Bearer ${token}` }
}

/** Asks a running launchtrace; 300 and 404 are answers too. @throws {RemoteError} when there is none, or another one */
export async function ask(url: string): Promise<Response> {
  const response = await fetch(url, { headers: authorization() }).catch((cause: unknown) => {
    throw new RemoteError(`Nothing answers at ${url}. Is launchtrace running there?`, { cause })
  })
  if (response.ok || response.status === 300 || response.status === 404) return response
  const text = (await response.text()).slice(0, 300)
  throw new RemoteError(`${url} answered HTTP ${String(response.status)}: ${text}`)
}

async function* readLines(response: Response): AsyncGenerator<string> {
  if (response.body === null) return
  try {
    yield* createInterface({ input: Readable.fromWeb(response.body) })
  } catch (cause) {
    throw new RemoteError(`The answer of ${response.url} broke off. Is launchtrace running there?`, { cause })
  }
}

/** The interface prints one launch a line, so an answer of any length passes through without being held. */
async function* readArray(response: Response): AsyncGenerator<readonly Launch[]> {
  let batch: Launch[] = []
  for await (const line of readLines(response)) {
    const text = line.replace(/^\[/, '').replace(/[,\]]$/, '')
    if (text !== '') batch.push(launchFromJson(JSON.parse(text) as LaunchJson, []))
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

interface Found {
  readonly launch?: LaunchJson
  readonly spans?: readonly SpanJson[]
  /** When the id names several. */
  readonly launches?: readonly LaunchJson[]
}

async function find(base: string, id: string): Promise<readonly Launch[]> {
  const response = await ask(`${base}/api/launches/${encodeURIComponent(id)}`)
  if (response.status === 404) return []
  const found = (await response.json()) as Found
  if (found.launch !== undefined) return [launchFromJson(found.launch, found.spans ?? [])]
  const candidates = found.launches ?? []
  const isOneRequest = new Set(candidates.map(({ trace_id }) => trace_id)).size === 1
  if (!isOneRequest) return candidates.map(candidate => launchFromJson(candidate, []))
  const whole = await Promise.all(candidates.map(({ instance_id }) => find(base, instance_id ?? '')))
  return whole.flat()
}

/** The beginning of all addresses of a running launchtrace. @throws {UsageError} when `address` is no http URL */
export function baseOf(address: string): string {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url is ${JSON.stringify(address)}; it takes a URL such as http://127.0.0.1:8080.`)
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/**
 * Reads from a running launchtrace over HTTP.
 * @throws {UsageError} when `address` is no http URL
 */
export function createRemoteReader(address: string): LaunchReader {
  const base = baseOf(address)
  return {
    async *readLaunches(filter) {
      yield* readArray(await ask(`${base}/api/launches?${parameters(filter)}`))
    },
    findLaunches: id => find(base, id),
    async report(range) {
      const response = await ask(`${base}/api/report?${parameters(range)}`)
      return response.status === 404 ? undefined : reportFromJson((await response.json()) as ReportJson)
    },
    async asOf() {
      const response = await ask(`${base}/api/status`)
      if (response.status === 404) return undefined
      const { launches } = (await response.json()) as ProcessStatus
      return launches === undefined ? undefined : parseMicros(launches.facts_reach)
    },
    close: () => Promise.resolve(),
  }
}
