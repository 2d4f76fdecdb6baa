import { isTimeZone } from '../../src/parse/clock.ts'
import type { SourceProblem } from '../../src/sources/problem.ts'
import { formatProblem } from '../../src/sources/problem.ts'
import type { ReadSummary } from '../../src/sources/read-summary.ts'
import type { Store } from '../../src/store/store.ts'
import type { ImportSummary } from '../import.ts'
import { importRecording } from '../import.ts'
import type { StoreOptions } from '../open-store.ts'
import { rebuildLaunches } from '../rebuild.ts'
import { renderImportSummary } from '../render/import-summary.ts'
import { UsageError } from '../usage-error.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT, untilStopped, withStore } from './context.ts'
import { describeRebuild, showRebuildProgress } from './rebuild.ts'

export interface ImportCommandOptions extends StoreOptions {
  readonly host?: string
  /** `ZONE`, or `HOST=ZONE`. */
  readonly timezone?: readonly string[]
}

interface Zones {
  readonly timezone?: string
  readonly timezoneByHost: ReadonlyMap<string, string>
}

function checkZone(zone: string): string {
  if (isTimeZone(zone)) return zone
  throw new UsageError(
    `--timezone is ${JSON.stringify(zone)}; it takes UTC, +02:00 or a name such as Europe/Rome, or HOST=ZONE for one host.`,
  )
}

function readZones(texts: readonly string[]): Zones {
  const byHost = new Map<string, string>()
  let zone: string | undefined
  for (const text of texts) {
    const equals = text.indexOf('=')
    if (equals === -1) zone = checkZone(text)
    else byHost.set(text.slice(0, equals), checkZone(text.slice(equals + 1)))
  }
  return { timezoneByHost: byHost, ...(zone === undefined ? {} : { timezone: zone }) }
}

const BAR = 24

/** Throws the reason of `stop` once it is aborted. */
function progressLine({ bytesRead, bytesTotal, filesRead, filesTotal, lines }: ReadSummary): string {
  const share = bytesTotal === 0 ? 1 : bytesRead / bytesTotal
  const filled = Math.round(share * BAR)
  const bar = `${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}`
  const files = `${String(filesRead)}/${String(filesTotal)} files`
  return `Reading [${bar}] ${String(Math.round(share * 100))} %  ${files}, ${String(lines.lines)} lines`
}

function showReadProgress({ terminal, stop }: CommandContext): (summary: () => ReadSummary) => void {
  return summary => {
    stop.throwIfAborted()
    terminal.progress(() => progressLine(summary()))
  }
}

/** Problems that are told one by one; of the rest only the number. */
const PROBLEMS_SHOWN = 20

function showProblems(problems: readonly SourceProblem[], terminal: Terminal): void {
  const worstFirst = problems.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
  for (const problem of worstFirst.slice(0, PROBLEMS_SHOWN)) terminal.err(`${formatProblem(problem)}\n`)
  const rest = problems.length - PROBLEMS_SHOWN
  if (rest > 0) terminal.err(`And ${String(rest)} more such files; name fewer paths at a time to see them.\n`)
}

/** Reads recordings and rebuilds the launches of the whole store; tells on `err` what was read and what is wrong. */
export async function importAndRebuild(
  store: Store,
  paths: readonly string[],
  { context, options }: { context: CommandContext; options: ImportCommandOptions },
): Promise<ImportSummary> {
  const { terminal } = context
  const zones = readZones(options.timezone ?? [])
  const host = options.host === undefined ? {} : { host: options.host }
  const summary = await importRecording(store, { paths, ...zones, ...host, onProgress: showReadProgress(context) })
  terminal.err(renderImportSummary(summary))
  showProblems(summary.read.problems, terminal)
  // Without a new fact there is nothing to rebuild from that was not there before.
  if (summary.signals > 0) terminal.err(describeRebuild(await rebuildLaunches(store, showRebuildProgress(context))))
  return summary
}

/** A path that could not be read at all makes the command fail, though everything else was imported. */
function exitCodeOf({ read, notifications }: ImportSummary): ExitCode {
  if (read.problems.some(({ severity }) => severity === 'error')) return EXIT.failed
  return read.lines.lines + notifications.read === 0 ? EXIT.nothing : EXIT.done
}

/** `launchtrace import PATH…`: reads folders and files of logs and recorded notifications. */
export function runImport(
  paths: readonly string[],
  options: ImportCommandOptions,
  context: CommandContext,
): Promise<ExitCode> {
  readZones(options.timezone ?? [])
  const run = async (store: Store): Promise<ExitCode> =>
    exitCodeOf(await importAndRebuild(store, paths, { context, options }))
  return withStore(options, store => untilStopped(context, () => run(store)))
}
