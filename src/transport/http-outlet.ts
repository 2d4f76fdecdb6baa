import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { LaunchTraceError } from '../core/errors.ts'
import type { Signal } from '../core/signal.ts'
import { OutletUnavailableError, SignalsRefusedError } from '../pipeline/outlet-errors.ts'
import type { Outlet } from '../pipeline/stage.ts'
import type { ClientTls } from './client-tls.ts'
import type { EncodedSignal } from './encoded-batches.ts'
import { encodedBatches, refuseTooLong } from './encoded-batches.ts'
import type { HttpAnswer, HttpPoster } from './http-post.ts'
import { createHttpPoster } from './http-post.ts'

export interface HttpOutletOptions {
  /** Of a collector, for example `https://collector:8081`; what it takes lies below `/v1/signals`. */
  readonly url: string
  readonly token?: string
  /** For `https:` only. */
  readonly tls?: ClientTls
  /** For one exchange; longer than a collector waits for its store. Milliseconds. Default 60 seconds. */
  readonly timeoutMs?: number
}

/** A quarter of what a collector takes in one request; measured before compression. */
const BATCH_LIMITS = { bytes: 2_000_000, signals: 5000 }
const TIMEOUT_MS = 60_000
const QUOTED = 300

const pack = promisify(gzip)

function targetOf(url: string): URL {
  const target = new URL(url)
  target.username = ''
  target.password = ''
  target.pathname = `${target.pathname.replace(/\/+$/, '')}/v1/signals`
  return target
}

/** Seconds, or a moment; undefined when the other side did not say, or said it wrongly. */
function retryAfterMs({ headers }: HttpAnswer, nowMs: number): number | undefined {
  const text = headers['retry-after']
  if (text === undefined) return undefined
  const waitMs = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return Number.isNaN(waitMs) ? undefined : Math.max(waitMs, 0)
}

/** What an answer says, for people: on one line and short. */
function quote(body: string): string {
  const said = /"message" ?: ?"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body
  return said
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, QUOTED)
}

interface Receipt {
  readonly accepted: number
  readonly refused: Readonly<Record<string, unknown>>
}

function isReceipt(value: unknown): value is Receipt {
  if (typeof value !== 'object' || value === null || !('accepted' in value) || !('refused' in value)) return false
  return typeof value.accepted === 'number' && typeof value.refused === 'object' && value.refused !== null
}

function readReceipt(body: string): Receipt | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isReceipt(value) ? value : undefined
  } catch {
    return undefined
  }
}

class HttpOutlet implements Outlet {
  readonly name = 'http'
  readonly #target: URL
  readonly #poster: HttpPoster
  readonly #headers: Readonly<Record<string, string>>

  constructor({ url, token, tls, timeoutMs = TIMEOUT_MS }: HttpOutletOptions) {
    this.#target = targetOf(url)
    this.#poster = createHttpPoster({ url: this.#target, timeoutMs, ...(tls === undefined ? {} : { tls }) })
    this.#headers = {
      'Content-Type': 'application/x-ndjson',
      'Content-Encoding': 'gzip',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    }
  }

  async write(signals: readonly Signal[], stop: AbortSignal): Promise<void> {
    for (const batch of encodedBatches(signals, BATCH_LIMITS)) {
      stop.throwIfAborted()
      refuseTooLong(this.name, batch)
      await this.#send(batch, stop)
    }
  }

  close(): Promise<void> {
    this.#poster.close()
    return Promise.resolve()
  }

  async #send(batch: readonly EncodedSignal[], stop: AbortSignal): Promise<void> {
    const body = await pack(batch.map(({ line }) => line).join('\n'))
    const answer = await this.#post(body, stop)
    const problem = this.#problemOf(answer, batch.length)
    if (problem !== undefined) throw problem
  }

  async #post(body: Buffer, stop: AbortSignal): Promise<HttpAnswer> {
    try {
      return await this.#poster.post(body, this.#headers, stop)
    } catch (cause) {
      stop.throwIfAborted()
      const said = cause instanceof Error ? cause.message : String(cause)
      throw new OutletUnavailableError(this.name, { what: `${this.#target.origin} does not answer: ${said}.`, cause })
    }
  }

  #problemOf(answer: HttpAnswer, sent: number): LaunchTraceError | undefined {
    const { status, body } = answer
    if (status === 200) return this.#problemOfReceipt(readReceipt(body), sent)
    const what = `${this.#target.href} answered ${status}: ${quote(body)}`
    // Whatever else it is, the address, the token, an overload, somebody can mend it while the signals wait.
    if (status === 413) return new SignalsRefusedError(this.name, { what })
    const wait = retryAfterMs(answer, Date.now())
    return new OutletUnavailableError(this.name, { what, ...(wait === undefined ? {} : { retryAfterMs: wait }) })
  }

  #problemOfReceipt(receipt: Receipt | undefined, sent: number): LaunchTraceError | undefined {
    if (receipt?.accepted === sent) return undefined
    if (receipt === undefined) {
      const what = `${this.#target.href} answered, and is no collector of launchtrace; check the url.`
      return new OutletUnavailableError(this.name, { what })
    }
    const reasons = Object.entries(receipt.refused).map(([reason, count]) => `${String(count)} ${reason}`)
    const what = `the collector takes ${receipt.accepted} of ${sent}: ${reasons.join(', ')}. Use a collector that is no older than this agent.`
    return new SignalsRefusedError(this.name, { what })
  }
}

/**
 * Sends signals to a collector over HTTP, gzip, over at most four connections that are kept open. They are durable when the
 * collector has said so. Holds one batch of at most 2 MB for each write that is under way.
 */
export function createHttpOutlet(options: HttpOutletOptions): Outlet {
  return new HttpOutlet(options)
}
