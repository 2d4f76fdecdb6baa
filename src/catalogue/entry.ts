import type { RequestMeaning } from '../core/signal.ts'
import type { Field, Line } from './line.ts'

/** What an extractor may read of a record. */
export interface Extractable {
  readonly message: string
  readonly service: string
  readonly logger: string
}

/** Reads typed ids out of what a wording hides. Total: it never throws and returns a bounded number of fields. */
export type Extractor = (record: Extractable) => readonly Field[]

/** Programs that share one way of naming a record: oslo.log's logger, vlog's module, or nothing. */
export type Family = 'oslo' | 'vlog' | 'libvirt' | 'qemu' | 'syslog' | 'ceph' | 'uwsgi' | 'apache'

/** A message as a service wrote it (or, where no recording has one, as its template says), and what it states. */
export interface Example {
  readonly message: string
  /** Where it is not the entry's first. */
  readonly logger?: string
  /** Where it is not the entry's first. */
  readonly level?: string
  /** Attributes by name; ids and aliases as `instances`, `ports`, `volumes` and `aliases`, with blanks between them. */
  readonly fields: Readonly<Record<string, string>>
  /** True when no recording shows it and the words come from OpenStack's source. */
  readonly fromTemplate?: boolean
}

interface Described {
  /** Stable name, for example `nova.compute.claim.ok`. */
  readonly id: string
  readonly releases: string
  readonly requestMeaning: RequestMeaning
  /** Steps of the launch flow that it shows, for example `A44`. */
  readonly steps: readonly string[]
  /** What it says about a launch, in one sentence. */
  readonly means: string
}

/** One log message of one service, in every wording that releases gave it. */
export interface LogSignal extends Described {
  /** Absent: `oslo`. */
  readonly family?: Family
  /** Programs that print it; the first one where a record does not say. */
  readonly services: readonly string[]
  /** Every logger over the releases. Empty: any logger of the family. */
  readonly loggers: readonly string[]
  /** Newest first; the first that fits is taken. */
  readonly messages: readonly Line[]
  readonly level: string
  /** Source file and function. */
  readonly upstream: string
  /** True when an agent loop or a periodic task prints it too: then a request id without a user names no launch. */
  readonly sharedWithTasks?: boolean
  /** True when the level tells occurrences apart: it becomes an attribute. */
  readonly keepLevel?: boolean
  /** Levels at which it counts; absent: any. */
  readonly onlyLevels?: readonly string[]
  /** True when the message holds the repr of a traceback. */
  readonly embedsTraceback?: boolean
  readonly extract?: Extractor
  readonly examples: readonly Example[]
  /** Messages of the same loggers that are something else. */
  readonly notThis: readonly string[]
}

/** Which HTTP interface a path belongs to. */
export type Api = 'nova' | 'placement' | 'neutron' | 'glance' | 'cinder' | 'keystone' | 'metadata'

/** One API call as access lines show it. */
export interface AccessSignal extends Described {
  readonly api: Api
  readonly service: string
  readonly methods: readonly string[]
  /** Segments after the version and the project; `*` stands for one uuid, a last `**` for any rest. */
  readonly paths: readonly string[]
  /** A parameter the query must have; `?` means any query. */
  readonly query?: string
  /** Method and target. */
  readonly examples: readonly string[]
  readonly notThis: readonly string[]
}

/** Which of nova's two notification forms, or any other service's only one. */
export type NotificationForm = 'versioned' | 'unversioned'

/** One kind of notification. */
export interface NotificationSignal extends Described {
  readonly form: NotificationForm
  readonly service: string
  /** Exact event types; one ending in `.*` stands for every type that starts so and has no entry of its own. */
  readonly eventTypes: readonly string[]
  readonly priority: string
  readonly publisher: string
}

/** Checks nothing at run time: gives the entries of one file their type, in one place. */
export function logSignals(entries: readonly LogSignal[]): readonly LogSignal[] {
  return entries
}
