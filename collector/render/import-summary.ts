import type { ImportSummary } from '../import.ts'
import type { Column } from './table.ts'
import { drawTable } from './table.ts'

const COLUMNS: readonly Column[] = [
  { title: 'service', maxWidth: 40 },
  { title: 'files', align: 'right' },
  { title: 'lines', align: 'right' },
  { title: 'recognised', align: 'right' },
  { title: 'unknown', align: 'right' },
  { title: 'undecodable', align: 'right' },
]

function row(name: string, counts: readonly (number | string)[]): readonly string[] {
  return [name, ...counts.map(String)]
}

/** Lines read by service, and what became of them: read = recognised + unknown + undecodable. */
export function renderImportSummary({ read, records, notifications, signals, unlinked }: ImportSummary): string {
  const services = [...read.services].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const rows = services.map(([service, counts]) => {
    const { given, recognised } = records.get(service) ?? { given: 0, recognised: 0 }
    const unknown = counts.unwanted + (given - recognised) + counts.continuations + counts.blank
    return row(service, [counts.files, counts.lines, recognised, unknown, counts.undecodable])
  })
  if (notifications.read > 0) {
    const { read: all, recognised: known, unknown, undecodable } = notifications
    rows.push(row('notifications', ['', all, known, unknown, undecodable]))
  }
  const total = read.lines.lines + notifications.read
  const skipped =
    read.skipped.length === 0 ? '' : ` ${String(read.skipped.length)} files were passed over because they are no logs.`
  const table = rows.length === 0 ? '' : `${drawTable(COLUMNS, rows).join('\n')}\n`
  return `${table}${String(total)} lines of ${String(read.filesRead)} files read, ${String(signals)} signals, ${String(unlinked)} of them with no id to join a launch by.${skipped}\n`
}
