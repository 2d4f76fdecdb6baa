import { micros, plusSeconds } from '../../src/core/time.ts'
import type { LaunchFilter, Store, TimeRange } from '../../src/store/store.ts'
import type { FilterTexts } from '../filters.ts'
import type { StoreOptions } from '../open-store.ts'
import type { Count, Report } from '../render/report.ts'
import { renderReport } from '../render/report.ts'
import { reportToJson } from '../render/report-json.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT, filterOf, withStore } from './context.ts'

export interface ReportCommandOptions extends StoreOptions, Pick<FilterTexts, 'since' | 'until'> {
  readonly json?: boolean
}

/** What the options leave open is taken from the stored facts; undefined when there are none. */
async function rangeOf({ since, until }: LaunchFilter, store: Store): Promise<TimeRange | undefined> {
  const whole = await store.signalRange()
  if (whole === undefined) return undefined
  // A launch may start with the last signal, and ranges are half open.
  return { from: since ?? whole.from, to: until ?? plusSeconds(whole.to, 1) }
}

type Counted<Of> = readonly { readonly of: Of; readonly launches: number }[]

function beside<Of>(now: Counted<Of>, before: Counted<Of>): readonly Count<Of>[] {
  const all = [...new Set([...now, ...before].map(({ of }) => of))]
  const launchesOf = (counts: Counted<Of>, of: Of): number => counts.find(count => count.of === of)?.launches ?? 0
  return all.map(of => ({ of, launches: launchesOf(now, of), before: launchesOf(before, of) }))
}

/** A range beside the equally long one before it. */
async function makeReport(store: Store, range: TimeRange): Promise<Report> {
  const before = { from: micros(range.from - (range.to - range.from)), to: range.from }
  const [phases, phasesBefore, now, then] = await Promise.all([
    store.phaseLatency(range),
    store.phaseLatency(before),
    store.summarise(range),
    store.summarise(before),
  ])
  return {
    range,
    before,
    phases,
    phasesBefore,
    outcomes: beside(now.outcomes, then.outcomes),
    causes: beside(now.causes, then.causes),
    hosts: now.hosts,
  }
}

/** `launchtrace report`: phase percentiles, outcomes, causes and worst hosts of a range, against the range before. */
export function runReport(options: ReportCommandOptions, { terminal }: CommandContext): Promise<ExitCode> {
  const filter = filterOf({ since: options.since, until: options.until })
  return withStore(options, async store => {
    const range = await rangeOf(filter, store)
    if (range === undefined) {
      terminal.err('There is nothing to report; "launchtrace import" reads logs.\n')
      return EXIT.nothing
    }
    const report = await makeReport(store, range)
    const text =
      options.json === true ? `${JSON.stringify(reportToJson(report), undefined, 2)}\n` : renderReport(report, terminal)
    await terminal.out(text)
    return report.outcomes.some(({ launches }) => launches > 0) ? EXIT.done : EXIT.nothing
  })
}
