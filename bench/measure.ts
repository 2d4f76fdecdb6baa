import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { arch, cpus, platform, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'

/** The machine, in one line: numbers mean nothing without it. */
export function describeMachine(): string {
  const [first] = cpus()
  const memory = `${String(Math.round(totalmem() / 2 ** 30))} GiB`
  return `${String(cpus().length)} × ${first?.model ?? 'unknown processor'}, ${memory}, ${platform()} ${arch()}, Node.js ${process.version}`
}

/** Processor time of this process so far, in seconds: user and system, garbage collection included. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** The most memory that this process ever held, in MiB. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS / 1024
}

/** Memory that this process holds and that is no file's, in MiB, where the system tells (Linux); all of it elsewhere. */
export function ownMemory(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
  const kib = /^RssAnon:\s+(\d+) kB/m.exec(status)?.[1]
  return kib === undefined ? process.memoryUsage.rss() / 2 ** 20 : Number(kib) / 1024
}

/** Whole numbers with separators, small ones with two digits behind the point. */
export function number(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
}

/** How `to` compares with `from`: `×9.81`. */
export function growth(from: number, to: number): string {
  return `×${(to / from).toFixed(2)}`
}

/** Prints rows with their columns aligned; the first row is the heading. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    console.log(cells.join('  ').trimEnd())
  }
}

/** Runs `work` with a folder that is gone afterwards. */
export async function withFolder<Value>(work: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'launchtrace-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const EXAMPLES = join(import.meta.dirname, '..', 'examples')

/** The recording that the command line names, else the bundled ones. */
export function recordingOf(argument: string | undefined): string {
  return argument ?? EXAMPLES
}
