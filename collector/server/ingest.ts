import { setTimeout as sleep } from 'node:timers/promises'
import type { Request, RequestHandler, Response } from 'express'
import type { Admission, Admitted } from './admission.ts'
import type { BodyLimits } from './request-body.ts'
import { readRequestBody } from './request-body.ts'

/** Why a request is not taken. */
export interface IngestRefusal {
  /** 429 and 503 ask to try again later; the others will be answered the same every time. */
  readonly status: 400 | 413 | 415 | 429 | 503
  readonly message: string
  readonly retryAfterSeconds?: number
}

/** What a request brought. */
export interface Ingested {
  /** Resolves when all of it is durable; rejects when the process stops before. */
  readonly durable: Promise<void>
  /** Answers 200. */
  answer(response: Response): void
}

export interface IngestDeps {
  readonly admission: Admission
  readonly limits: BodyLimits
  /** How long a client waits for a store that is away until it is told to come back later. */
  readonly patienceMs: number
  /** Takes the body to pieces. Total. */
  take(body: Buffer, request: Request): Ingested | IngestRefusal
  refuse(request: Request, response: Response, refusal: IngestRefusal): void
}

const BUSY: IngestRefusal = {
  status: 429,
  message: 'Too much is under way; try again in a second.',
  retryAfterSeconds: 1,
}

const AWAY: IngestRefusal = {
  status: 503,
  message: 'What was sent is not durable yet, as the store is away or slow; send it again later.',
  retryAfterSeconds: 10,
}

async function settlesWithin(durable: Promise<void>, patienceMs: number): Promise<boolean> {
  const patience = new AbortController()
  const tooLong = sleep(patienceMs, false, { signal: patience.signal }).catch(() => false)
  const isDurable = durable.then(
    () => true,
    () => false,
  )
  const outcome = await Promise.race([isDurable, tooLong])
  patience.abort()
  return outcome
}

/** What a request may bring: what it says, or the most. */
function declaredBytes({ headers }: Request, { bytes }: BodyLimits): number {
  return Math.min(Number(headers['content-length'] ?? bytes), bytes)
}

/** The unpacked body, and room for it; undefined when the client left. */
async function receive(
  request: Request,
  { limits }: IngestDeps,
  admitted: Admitted,
): Promise<Buffer | IngestRefusal | undefined> {
  if (!admitted.hold(declaredBytes(request, limits))) return BUSY
  const body = await readRequestBody(request, limits)
  if (body.kind === 'gone') return undefined
  if (body.kind === 'refused') return body
  return admitted.hold(body.bytes.length) ? body.bytes : BUSY
}

async function work(request: Request, response: Response, deps: IngestDeps & { admitted: Admitted }): Promise<void> {
  const { admitted, patienceMs } = deps
  const leave = (): void => admitted.leave()
  const received = await receive(request, deps, admitted)
  const taken = Buffer.isBuffer(received) ? deps.take(received, request) : received
  if (taken === undefined || 'status' in taken) {
    leave()
    if (taken !== undefined) deps.refuse(request, response, taken)
    return
  }
  // A client that was sent away, or left, does not end the work, nor what it holds.
  taken.durable.then(leave, leave)
  if (await settlesWithin(taken.durable, patienceMs)) taken.answer(response)
  else deps.refuse(request, response, AWAY)
}

/** Takes what clients send, so much at a time as is admitted, and answers when it is durable. */
export function createIngest(deps: IngestDeps): RequestHandler {
  return async (request, response) => {
    const admitted = deps.admission.enter()
    if (admitted === undefined) deps.refuse(request, response, BUSY)
    else await work(request, response, { ...deps, admitted })
  }
}
