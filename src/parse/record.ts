import type { UnixMicros } from '../core/time.ts'

/** What wrote a record: decides where its fields stand and what its clock is. */
export type RecordFormat =
  'oslo' | 'oslo-json' | 'vlog' | 'libvirt' | 'qemu' | 'uwsgi' | 'apache' | 'syslog' | 'ceph' | 'rabbitmq'

/** One log record of any program, its envelope and header taken off. */
export interface LogRecord {
  readonly format: RecordFormat
  readonly at: UnixMicros
  /** Where the process ran; empty when neither the path nor the line says so. */
  readonly host: string
  /** The process, for example `nova-compute`, `ovn-controller`; from the path, the syslog tag, or the logger. */
  readonly service: string
  /** Upper case as written (`INFO`, `WARN`, …); empty where the format has none. */
  readonly level: string
  /**
   * oslo.log's logger, vlog's module, libvirt's function, QEMU's domain, syslog's tag, Ceph's channel; empty where the
   * format has none.
   */
  readonly logger: string
  /** 0 when the line does not print it. */
  readonly pid: number
  /** Local request id, `req-…`; empty when absent. */
  readonly request: string
  readonly globalRequest: string
  readonly project: string
  readonly user: string
  /** From `[instance: …]` or the JSON formatter's `extra`; empty when absent. */
  readonly instance: string
  /** The message without header, DEBUG suffix and colours. Continuation lines follow after `\n`; at most 64 KiB, but notifications whole. */
  readonly message: string
}
