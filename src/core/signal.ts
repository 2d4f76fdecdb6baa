import type { UnixMicros } from './time.ts'

/**
 * What the request id printed beside a signal means for joining.
 * `launch`: the id of the request that is being served for the launch (local in nova, global or local elsewhere).
 * `other`: the id of another API call, for example neutron's callback into nova.
 * `service`: a long-lived id of an agent loop or a periodic task, shared by unrelated work.
 * `none`: the program logs no request id.
 */
export type RequestMeaning = 'launch' | 'other' | 'service' | 'none'

/** How a signal reached us. */
export type SignalSource = 'log' | 'notification'

/**
 * One fact that one OpenStack process stated at one time. Immutable; `id` is a hash of the content, so the same
 * fact delivered twice is one fact. Holds catalogued fields only: never a token, a password or user data.
 */
export interface Signal {
  /** 32 hex digits, a hash of everything below except `text`. */
  readonly id: string
  /** Id of the catalogue entry that recognised it, for example `nova.compute.claim.ok`. */
  readonly name: string
  /** When the process said it, on that host's own clock. */
  readonly at: UnixMicros
  /** The host whose clock `at` is: where the process ran. Empty when nothing says so. */
  readonly host: string
  /** The process, for example `nova-compute`. */
  readonly service: string
  readonly source: SignalSource
  readonly requestMeaning: RequestMeaning
  /** The process's own (local) request id, `req-…`; empty when absent. */
  readonly request: string
  /** The global request id, `req-…`: whatever the caller sent; empty when absent. Evidence, never identity. */
  readonly globalRequest: string
  readonly project: string
  readonly user: string
  readonly instances: readonly string[]
  readonly ports: readonly string[]
  readonly volumes: readonly string[]
  /**
   * Weaker names for the same things, as `kind:value`: `mac:fa:16:3e:…`, `tap:` and the first 11 characters of a port's
   * uuid, `ip:<network uuid>/<address>`, `domain:instance-0000000a`, `attachment:<uuid>`.
   */
  readonly aliases: readonly string[]
  /** Catalogued fields by name. Numbers are printed in decimal, durations in seconds. */
  readonly attributes: Readonly<Record<string, string>>
  /** The words that prove it, bounded and masked. Shown to people; decides nothing. */
  readonly text: string
}
