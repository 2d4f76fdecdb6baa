import type { JournalPlace } from './journalctl.ts'

/** The same text for the same journal: what is remembered of another one means nothing here. */
export function journalOf({ units, directory, namespace }: JournalPlace): string {
  return JSON.stringify({ directory, namespace, units })
}

/** What is read, as a sentence. */
export function whereOf({ units, directory, namespace }: JournalPlace): string {
  const journal = directory === undefined ? 'the journal of this machine' : `the journal in ${directory}`
  const within = namespace === undefined ? '' : `, namespace ${namespace}`
  const only = units.length === 0 ? '' : `, ${units.join(', ')} only`
  return `Reads ${journal}${within}${only}.`
}

/** Why journalctl does not run, as a sentence that says what to do. */
export function reasonOf(failure: Error | undefined, complaint: string): string {
  const code = failure !== undefined && 'code' in failure ? failure.code : undefined
  if (code === 'ENOENT') return 'There is no journalctl here: install systemd, or leave journald out of the sources.'
  if (failure !== undefined) return `journalctl cannot be started: ${failure.message}.`
  const said = complaint.replace(/\.$/, '')
  if (/permission/i.test(said)) return `${said}: let this user be in the group systemd-journal.`
  return said === '' ? 'journalctl has ended; it is started again.' : `journalctl says: ${said}.`
}
