import type { FilterTexts } from '../filters.ts'
import type { ReaderOptions } from '../reading/open-reader.ts'
import { renderReport } from '../render/report.ts'
import { reportToJson } from '../render/report-json.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT, filterOf, withReader } from './context.ts'

export interface ReportCommandOptions extends ReaderOptions, Pick<FilterTexts, 'since' | 'until'> {
  readonly json?: boolean
}

/** `launchtrace report`: phase percentiles, outcomes, causes and worst hosts of a range, against the range before. */
export function runReport(options: ReportCommandOptions, { terminal }: CommandContext): Promise<ExitCode> {
  const range = filterOf({ since: options.since, until: options.until })
  return withReader(options, async reader => {
    const report = await reader.report(range)
    if (report === undefined) {
      terminal.err('There is nothing to report; "launchtrace import" reads logs.\n')
      return EXIT.nothing
    }
    const json = (): string => `${JSON.stringify(reportToJson(report), undefined, 2)}\n`
    await terminal.out(options.json === true ? json() : renderReport(report, terminal))
    return report.outcomes.some(({ launches }) => launches > 0) ? EXIT.done : EXIT.nothing
  })
}
