import { setTimeout as sleep } from 'node:timers/promises'
import { NotFoundError } from '../not-found-error.ts'
import { defaultDataDirectory } from '../open-store.ts'
import type { ProcessStatus } from '../process/status.ts'
import { addressOfHolder } from '../reading/open-reader.ts'
import { ask, baseOf } from '../reading/remote-reader.ts'
import { renderStatus } from '../render/status.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT } from './context.ts'

export interface StatusOptions {
  readonly url?: string
  readonly data?: string
  readonly json?: boolean
}

/** Rates are what was counted in this time. Milliseconds. */
const SAMPLE_MS = 1000

async function addressOf({ url, data = defaultDataDirectory() }: StatusOptions): Promise<string> {
  const address = url ?? (await addressOfHolder(data))
  if (address !== undefined) return baseOf(address)
  throw new NotFoundError(`No launchtrace serves ${data}; start one with "launchtrace up", or name one with --url.`)
}

async function readStatus(base: string): Promise<ProcessStatus> {
  const response = await ask(`${base}/api/status`)
  if (response.status === 404) throw new NotFoundError(`${base} serves stored launches only and has nothing to report.`)
  return (await response.json()) as ProcessStatus
}

/** `launchtrace status`: sources, what lies unread, and rates of a running process. */
export async function runStatus(options: StatusOptions, { terminal, stop }: CommandContext): Promise<ExitCode> {
  const base = await addressOf(options)
  const first = await readStatus(base)
  if (options.json === true) {
    await terminal.out(`${JSON.stringify(first, undefined, 2)}\n`)
    return EXIT.done
  }
  const started = performance.now()
  await sleep(SAMPLE_MS, undefined, { signal: stop }).catch(() => undefined)
  const second = await readStatus(base)
  await terminal.out(renderStatus(first, second, (performance.now() - started) / 1000))
  return EXIT.done
}
