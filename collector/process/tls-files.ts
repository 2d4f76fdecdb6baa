import { readFileSync } from 'node:fs'
import type { ClientTls } from '../../src/transport/client-tls.ts'
import type { ClientTlsConfig, ListenerTlsConfig } from '../config/schema.ts'
import type { ServerTls } from '../server/listen.ts'
import { UsageError } from '../usage-error.ts'

/** Reads a PEM file. @throws {UsageError} when it cannot be read; `setting` names what said so */
export function readPem(path: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`${setting} cannot be read: ${said}. Name a PEM file that this user may read.`, { cause })
  }
}

/** Reads the files that the settings of a client name. @throws {UsageError} when one cannot be read */
export function readClientTls({ ca, cert, key, verify }: ClientTlsConfig): ClientTls {
  return {
    verify,
    ...(ca === undefined ? {} : { ca: readPem(ca, 'tls.ca') }),
    ...(cert === undefined ? {} : { cert: readPem(cert, 'tls.cert') }),
    ...(key === undefined ? {} : { key: readPem(key, 'tls.key') }),
  }
}

/** Reads the files that the settings of a listener name. @throws {UsageError} when one cannot be read */
export function readServerTls({ cert, key, clientCa }: ListenerTlsConfig): ServerTls {
  return {
    cert: readPem(cert, 'tls.cert'),
    key: readPem(key, 'tls.key'),
    ...(clientCa === undefined ? {} : { clientCa: readPem(clientCa, 'tls.client_ca') }),
  }
}
