import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** What a client of a recorded cloud did and saw: one `POST /servers`. Times in seconds since the Unix epoch. */
export interface TruthLaunch {
  readonly scenario: string
  readonly requestId: string
  readonly sent: number
  readonly received: number
  /** Empty when the request was refused. */
  readonly servers: readonly TruthServer[]
}

export interface TruthServer {
  readonly id: string
  /** Of the client's last poll: `ACTIVE`, `ERROR`, `GONE`, `DELETED`; undefined when it did not look. */
  readonly status: string | undefined
  readonly seen: number | undefined
  /** When the client asked and was told BUILD. */
  readonly building: readonly number[]
  /** Hosts of nova's own instance actions, sorted; undefined when nova has no record of a build. */
  readonly hostsTried: readonly string[] | undefined
  readonly host: string | undefined
}

type Mapping = Readonly<Record<string, unknown>>

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

function list(value: unknown): readonly Mapping[] {
  return Array.isArray(value) ? value.map(mapping) : []
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** RFC 3339 to seconds, to the microsecond. */
function seconds(value: unknown): number | undefined {
  const [, whole = '', fraction = ''] = /^([^.Z+]+)(\.\d+)?/.exec(text(value) ?? '') ?? []
  return whole === '' ? undefined : Date.parse(`${whole}Z`) / 1000 + Number(`0${fraction}`)
}

function hostsTried(actions: Mapping): readonly string[] | undefined {
  const create = list(actions['actions']).find(({ action }) => action === 'create')
  const events = list(create?.['events'])
  if (events.length === 0) return undefined
  const builds = events.filter(({ event }) => event === 'compute__do_build_and_run_instance')
  return [...new Set(builds.flatMap(({ host }) => text(host) ?? []))].toSorted()
}

function toServer(id: string, launch: Mapping): TruthServer {
  const seen = mapping(mapping(launch['outcome'])[id])
  const actions = mapping(mapping(launch['instance_actions'])[id])
  const polls = list(launch['timeline']).filter(({ what, server }) => what === 'poll' && server === id)
  return {
    id,
    status: text(seen['status']),
    seen: seconds(seen['seen']),
    building: polls.filter(poll => poll['server_status'] === 'BUILD').flatMap(({ sent }) => seconds(sent) ?? []),
    hostsTried: hostsTried(actions),
    host: text(actions['host']),
  }
}

function toLaunch(launch: Mapping): TruthLaunch {
  const created = list(launch['timeline']).find(({ what }) => what === 'create')
  const ids = Array.isArray(launch['server_ids']) ? launch['server_ids'].flatMap(id => text(id) ?? []) : []
  return {
    scenario: text(launch['scenario']) ?? '',
    requestId: text(launch['create_request_id']) ?? text(created?.['x-openstack-request-id']) ?? '',
    sent: seconds(created?.['sent']) ?? 0,
    received: seconds(created?.['recv']) ?? 0,
    servers: ids.map(id => toServer(id, launch)),
  }
}

/** Reads a recording's `truth.jsonl`, compressed or not. */
export function readTruth(path: string): readonly TruthLaunch[] {
  const raw = readFileSync(path)
  const lines = (path.endsWith('.gz') ? gunzipSync(raw) : raw).toString().split('\n')
  const records = lines.filter(line => line.trim() !== '').map(line => mapping(JSON.parse(line)))
  return records.filter(({ kind }) => kind === 'launch').map(toLaunch)
}
