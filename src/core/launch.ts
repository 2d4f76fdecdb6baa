import type { UnixMicros } from './time.ts'

/** Phases of the critical path, in the order in which a launch passes them. Every moment of a launch is in exactly one. */
export const PHASES = [
  'api',
  'schedule',
  'dispatch',
  'claim',
  'network',
  'block_device',
  'image',
  'config_drive',
  'plug_vifs',
  'domain_start',
  'vif_wait',
  'post',
  'reschedule',
  'unexplained',
] as const
export type Phase = (typeof PHASES)[number]

/**
 * How a launch ended. `lost`: went silent. `deleted`: a delete won while it was being built.
 */
export type Outcome = 'active' | 'error' | 'deleted' | 'in_progress' | 'lost'

/** Where an edge of a span comes from: a signal at that moment, a duration that a signal states, or its neighbours. */
export type EdgeOrigin = 'measured' | 'derived' | 'inferred'

/** Why a launch failed: the closed list that `docs/accuracy.md` documents. */
export const CAUSES = [
  'bad_request',
  'forbidden',
  'quota_exceeded',
  'not_found',
  'conflict',
  'api_error',
  'no_valid_host',
  'claim_failed',
  'retries_exhausted',
  'network_failed',
  'port_binding_failed',
  'vif_timeout',
  'image_unavailable',
  'image_invalid',
  'volume_failed',
  'volume_quota',
  'config_drive_failed',
  'hypervisor_error',
  'disk_full',
  'messaging_timeout',
  'service_unavailable',
  'unauthorized',
  'compute_restarted',
  'build_timeout',
  'went_silent',
  'other',
] as const
export type Cause = (typeof CAUSES)[number]

export interface Failure {
  readonly phase: Phase
  readonly service: string
  readonly host: string
  readonly cause: Cause
  readonly exception: string
  readonly message: string
}

/** The phase in which a launch in progress stands. */
export interface OpenPhase {
  readonly phase: Phase
  /** When it began; how long it has been open is for whoever looks, whose clock goes on. */
  readonly since: UnixMicros
}

/** One try on one host. */
export interface Attempt {
  readonly host: string
  readonly startedAt: UnixMicros
  readonly endedAt: UnixMicros | undefined
  readonly outcome: Outcome
}

/** A signal as a person sees it behind a span. */
export interface Evidence {
  readonly at: UnixMicros
  readonly service: string
  readonly host: string
  readonly source: string
  readonly text: string
}

export interface Span {
  /** 16 hex digits, a hash of what the span is. */
  readonly spanId: string
  /** Empty for the root. */
  readonly parentSpanId: string
  readonly name: string
  readonly service: string
  readonly host: string
  /** Corrected by the host's clock offset, if one was found. */
  readonly startedAt: UnixMicros
  readonly durationSeconds: number
  readonly status: 'ok' | 'error' | 'unset'
  readonly attributes: Readonly<Record<string, string>>
  readonly edges: { readonly start: EdgeOrigin; readonly end: EdgeOrigin }
  readonly evidence: readonly Evidence[]
}

/** One instance launch, or one refused request. A pure function of the set of its signals. */
export interface Launch {
  /** The request id's uuid without dashes. */
  readonly traceId: string
  /** Nova's local id of `POST /servers`. */
  readonly requestId: string
  /** Undefined when the request was refused. */
  readonly instanceId: string | undefined
  readonly projectId: string
  readonly userId: string
  readonly displayName: string
  /** Of the last attempt. */
  readonly host: string
  readonly availabilityZone: string
  readonly flavor: string
  readonly imageId: string
  readonly volumeIds: readonly string[]
  readonly portIds: readonly string[]
  readonly startedAt: UnixMicros
  readonly endedAt: UnixMicros | undefined
  readonly durationSeconds: number | undefined
  readonly outcome: Outcome
  /**
   * Seconds on the critical path; they add up to the duration, and while in progress to the last thing known. Phases that took
   * no time are absent.
   */
  readonly phases: Readonly<Partial<Record<Phase, number>>>
  /** Set while in progress. */
  readonly open: OpenPhase | undefined
  readonly attempts: readonly Attempt[]
  readonly failure: Failure | undefined
  /** Steps of the launch flow that were seen, sorted. */
  readonly steps: readonly string[]
  /** How many distinct facts it is made of; also its version: more facts replace fewer. */
  readonly signals: number
  readonly spans: readonly Span[]
}
