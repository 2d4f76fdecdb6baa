import { hash64 } from '../../src/core/hash.ts'
import type { Launch, Span } from '../../src/core/launch.ts'
import { micros, plusSeconds } from '../../src/core/time.ts'

export const START = micros(Date.UTC(2024, 2, 5, 10, 0, 0, 250) * 1000)

const REQUEST = '5f0c7f5e-6b1f-4c3c-9a55-1f2e3d4c5b6a'

/** A launch that became active; every field may be replaced. */
export function makeLaunch(fields: Partial<Launch> = {}): Launch {
  return {
    traceId: REQUEST.replaceAll('-', ''),
    requestId: `req-${REQUEST}`,
    instanceId: '0f1e2d3c-4b5a-4678-8f90-a1b2c3d4e5f6',
    projectId: 'c2a1b0f9e8d7465594837261504f3e2d',
    userId: '9d8c7b6a5f4e4d3cb2a1908f7e6d5c4b',
    displayName: 'web-1',
    host: 'compute-1',
    availabilityZone: 'nova',
    flavor: 'm1.small',
    imageId: '7a6b5c4d-3e2f-4a1b-8c9d-0e1f2a3b4c5d',
    volumeIds: [],
    portIds: ['1a2b3c4d-5e6f-4071-8293-a4b5c6d7e8f9'],
    startedAt: START,
    endedAt: plusSeconds(START, 12.5),
    durationSeconds: 12.5,
    outcome: 'active',
    phases: { api: 0.6, schedule: 0.4, claim: 0.2, network: 3.1, image: 2.2, vif_wait: 5.5, unexplained: 0.5 },
    open: undefined,
    attempts: [
      { host: 'compute-1', startedAt: plusSeconds(START, 1), endedAt: plusSeconds(START, 12.5), outcome: 'active' },
    ],
    failure: undefined,
    steps: ['A4', 'A7', 'B13'],
    signals: 87,
    spans: [],
    ...fields,
  }
}

/** A span that begins `at` seconds after the launch and takes `took` seconds. */
export function makeSpan(name: string, [at, took]: readonly [number, number], fields: Partial<Span> = {}): Span {
  return {
    spanId: hash64(name),
    parentSpanId: '',
    name,
    service: 'nova-compute',
    host: 'compute-1',
    startedAt: plusSeconds(START, at),
    durationSeconds: took,
    status: 'ok',
    attributes: {},
    edges: { start: 'measured', end: 'measured' },
    evidence: [],
    ...fields,
  }
}

const under = (parent: string): Pick<Span, 'parentSpanId'> => ({ parentSpanId: hash64(parent) })

/** A happy launch with a span of every kind of edge, a corrected clock and evidence. */
export function makeTracedLaunch(fields: Partial<Launch> = {}): Launch {
  return makeLaunch({
    spans: [
      makeSpan('POST /servers', [0, 12.5], { service: 'nova-api', host: 'control-1' }),
      makeSpan('launch', [0, 12.5], { ...under('POST /servers'), service: 'nova', host: '' }),
      makeSpan('schedule', [0.6, 0.4], { ...under('launch'), service: 'nova-scheduler', host: 'control-1' }),
      makeSpan('attempt', [1, 11.5], {
        ...under('launch'),
        edges: { start: 'inferred', end: 'measured' },
        attributes: { 'launchtrace.clock_offset_seconds': '1.24' },
      }),
      makeSpan('network', [1.2, 3.1], {
        ...under('attempt'),
        edges: { start: 'derived', end: 'measured' },
        attributes: { 'launchtrace.clock_offset_seconds': '1.24' },
        evidence: [
          {
            at: plusSeconds(START, 4.3),
            service: 'nova-compute',
            host: 'compute-1',
            source: 'log',
            text: 'Took 3.10 seconds to allocate network for instance.',
          },
        ],
      }),
      makeSpan('POST /v2.0/ports', [1.4, 1.9], { ...under('network'), service: 'neutron-server', host: 'control-2' }),
      makeSpan('vif_wait', [7, 5.5], { ...under('attempt'), edges: { start: 'measured', end: 'inferred' } }),
    ],
    ...fields,
  })
}

/** A request that nova-api refused: no instance, no host, no attempt. */
export function makeRefusedLaunch(fields: Partial<Launch> = {}): Launch {
  return makeLaunch({
    instanceId: undefined,
    displayName: 'too-big',
    host: '',
    outcome: 'error',
    endedAt: plusSeconds(START, 0.08),
    durationSeconds: 0.08,
    phases: { api: 0.08 },
    attempts: [],
    portIds: [],
    failure: {
      phase: 'api',
      service: 'nova-api',
      host: 'control-1',
      cause: 'quota_exceeded',
      exception: 'OverQuota',
      message: 'Quota exceeded for cores: Requested 64, but already used 4 of 20 cores',
    },
    ...fields,
  })
}

/** A launch that failed on two hosts. */
export function makeFailedLaunch(fields: Partial<Launch> = {}): Launch {
  const first = { host: 'compute-1', startedAt: plusSeconds(START, 1), endedAt: plusSeconds(START, 5) } as const
  const second = { host: 'compute-2', startedAt: plusSeconds(START, 6), endedAt: plusSeconds(START, 12.5) } as const
  const failed = { status: 'error', ...under('POST /servers') } as const
  return makeLaunch({
    host: 'compute-2',
    outcome: 'error',
    phases: { api: 0.6, schedule: 0.4, network: 4, reschedule: 1, vif_wait: 6.5 },
    attempts: [first, second].map(attempt => ({ ...attempt, outcome: 'error' as const })),
    failure: {
      phase: 'vif_wait',
      service: 'nova-compute',
      host: 'compute-2',
      cause: 'vif_timeout',
      exception: 'VirtualInterfaceCreateException',
      message: 'Virtual Interface creation failed',
    },
    spans: [
      makeSpan('POST /servers', [0, 12.5], { service: 'nova-api', host: 'control-1' }),
      makeSpan('attempt 1', [1, 4], failed),
      makeSpan('attempt 2', [6, 6.5], { ...failed, host: 'compute-2' }),
    ],
    ...fields,
  })
}
