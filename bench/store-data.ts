import { hash128, hash64 } from '../src/core/hash.ts'
import type { Evidence, Launch, Phase, Span } from '../src/core/launch.ts'
import { micros, plusSeconds } from '../src/core/time.ts'
import type { UnixMicros } from '../src/core/time.ts'

/** How many spans each launch has. */
export const SPANS = 30
/** Over how many days the launches are spread. */
export const DAYS = 30
const START = micros(Date.UTC(2026, 0, 5) * 1000)

const PHASES_SEEN: readonly Phase[] = [
  'api',
  'schedule',
  'dispatch',
  'claim',
  'network',
  'image',
  'domain_start',
  'vif_wait',
  'post',
]
const NAMES = [
  'POST /servers',
  'select_destinations',
  'claim',
  'allocate_network',
  'GET /v2/images',
  'spawn',
  'plug_vifs',
  'vif_wait',
]
const SERVICES = [
  'nova-api',
  'nova-conductor',
  'nova-scheduler',
  'nova-compute',
  'neutron-server',
  'glance-api',
  'placement-api',
]
const TEXTS = [
  'Attempting claim on node NODE: memory 512 MB, disk 1 GB, vcpus 1 CPU',
  'Claim successful on node NODE',
  'Creating image(s)',
  'Took SECONDS seconds to build instance.',
  'Took SECONDS seconds to spawn the instance on the hypervisor.',
  'VM Started (Lifecycle Event)',
  'Successfully plugged vif VIFBridge(active=False,address=fa:16:3e:00:00:00,plugin=ovs)',
]

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('Nothing to pick from.')
  return item
}

/** A number from 0 to 1 that depends on the text alone. */
function chance(text: string): number {
  return Number.parseInt(hash64(text).slice(0, 12), 16) / 2 ** 48
}

function uuid(text: string): string {
  return hash128(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

interface Frame {
  readonly instance: string
  readonly request: string
  readonly host: string
  readonly startedAt: UnixMicros
}

function makeEvidence(index: number, { instance, request, host, startedAt }: Frame): Evidence {
  const seconds = (chance(`${instance} text ${String(index)}`) * 20).toFixed(2)
  const words = pick(TEXTS, index).replace('NODE', host).replace('SECONDS', seconds)
  const text = `INFO nova.compute.manager [${request}] [instance: ${instance}] ${words}`
  const at = plusSeconds(startedAt, index * 0.3 + chance(`${instance} ${String(index)}`))
  return { at, service: pick(SERVICES, index), host, source: `${pick(SERVICES, index)}.log`, text }
}

function makeSpan(index: number, frame: Frame): Span {
  const { instance, startedAt, host } = frame
  return {
    spanId: hash64(`${instance} ${String(index)}`),
    parentSpanId: index === 0 ? '' : hash64(`${instance} ${String(Math.floor(index / 4))}`),
    name: pick(NAMES, index),
    service: pick(SERVICES, index),
    host,
    startedAt: plusSeconds(startedAt, index * 0.3 + chance(`${instance} start ${String(index)}`)),
    durationSeconds: Math.round(chance(`${instance} took ${String(index)}`) * 3e6) / 1e6,
    status: 'ok',
    attributes: index % 3 === 0 ? { 'http.status_code': '200' } : {},
    edges: { start: 'measured', end: index % 2 === 0 ? 'measured' : 'derived' },
    evidence: [makeEvidence(index, frame), makeEvidence(index + 1, frame)],
  }
}

/** The launch number `index` of `count`: the same every time, with ids and durations that do not compress. */
export function makeLaunch(index: number, count: number): Launch {
  const name = String(index)
  const instance = uuid(`instance ${name}`)
  const request = `req-${uuid(`request ${name}`)}`
  const startedAt = plusSeconds(START, ((index + chance(name)) * DAYS * 86_400) / count)
  const host = `compute-${String(Math.floor(chance(`host ${name}`) * 200))}`
  const seconds = PHASES_SEEN.map(phase => Math.round(chance(`${name} ${phase}`) * 3e6) / 1e6)
  const durationSeconds = Math.round(seconds.reduce((sum, each) => sum + each, 0) * 1e6) / 1e6
  const endedAt = plusSeconds(startedAt, durationSeconds)
  return {
    traceId: request.slice(4).replaceAll('-', ''),
    requestId: request,
    instanceId: instance,
    projectId: hash128(`project ${String(index % 50)}`),
    userId: hash128(`user ${String(index % 90)}`),
    displayName: `vm-${name}`,
    host,
    availabilityZone: 'nova',
    flavor: pick(['m1.tiny', 'm1.small', 'm1.large'], index),
    imageId: uuid(`image ${String(index % 12)}`),
    volumeIds: [],
    portIds: [uuid(`port ${name}`)],
    startedAt,
    endedAt,
    durationSeconds,
    outcome: index % 40 === 0 ? 'error' : 'active',
    phases: Object.fromEntries(PHASES_SEEN.map((phase, at) => [phase, seconds[at] ?? 0])),
    open: undefined,
    attempts: [{ host, startedAt, endedAt, outcome: 'active' }],
    failure: undefined,
    steps: ['A4', 'A7', 'B13', 'B20', 'C2'],
    signals: 40,
    spans: Array.from({ length: SPANS }, (_, span) => makeSpan(span, { instance, request, host, startedAt })),
  }
}
