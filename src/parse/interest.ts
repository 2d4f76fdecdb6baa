import { detached } from './characters.ts'
import type { RecordFormat } from './record.ts'

/**
 * Says early whether a record may be worth reading, by its header alone: the logger and the level as written, empty
 * where the format has none. MUST answer the same for the same header.
 */
export type Interest = (logger: string, format: RecordFormat, level: string) => boolean

/** Different loggers to remember for each level; a service has a few hundred, hostile input any number. */
const MAX_REMEMBERED = 5000

/** Remembers the answers for oslo.log's loggers: a service writes the same few hundred millions of times. */
export function createOsloInterest(wanted: Interest): (logger: string, level: string) => boolean {
  const levels = new Map<string, Map<string, boolean>>()
  return (logger, level) => {
    const answers = levels.get(level) ?? new Map<string, boolean>()
    if (answers.size === 0) levels.set(level, answers)
    const known = answers.get(logger)
    if (known !== undefined) return known
    const isWanted = wanted(logger, 'oslo', level)
    if (answers.size < MAX_REMEMBERED) answers.set(detached(logger), isWanted)
    return isWanted
  }
}
