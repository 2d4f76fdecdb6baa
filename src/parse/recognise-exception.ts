import { headLine } from '../catalogue/line.ts'
import type { Field } from '../catalogue/line.ts'

const SUFFIX = '(?:Error|Exception|Timeout|NotFound|Exceeded|Failed|_Remote)'

/** A class with its module: what oslo.log writes of every exception that is not Python's own. */
const QUALIFIED = `(?:[a-zA-Z_]\\w{0,80}\\.){1,10}(?:[A-Z]\\w{1,100}|\\w{1,100}${SUFFIX})`

/** A bare class, named as exceptions are: other words with a colon are none. */
const BARE = `[A-Z]\\w{0,100}${SUFFIX}`

/**
 * The summary that oslo.log appends to the first line while an exception is handled: `: module.Class: text`
 * (oslo.log: oslo_log/formatters.py).
 */
const SUMMARIES = [QUALIFIED, BARE].map(name => new RegExp(`(?:^|: )(${name})(?:: |$)`))

/** The last line of a traceback: the class at the start of the line. */
const LAST_LINE = new RegExp(`^\\s{0,2}(${QUALIFIED}|${BARE})(?:: (.*))?$`)

/** The wrapper that nova puts around whatever made it hand a build back; the cause says more. */
const WRAPPERS = /(?:^|\.)(?:RescheduledException|RemoteError)$/

/** Class and text of the exception that a WARNING or worse record carries, as fields; none when it carries none. */
export function exceptionFields(message: string): readonly Field[] {
  const head = headLine(message)
  const summary = SUMMARIES.map(pattern => pattern.exec(head)).find(found => found !== null)
  if (summary !== undefined) return fields(summary[1] ?? '', head.slice(summary.index + summary[0].length))
  return message.length === head.length ? [] : lastOf(message.split('\n').slice(1))
}

/** The exception inside the repr of a traceback's lines, as nova's conductor prints it (nova: nova/scheduler/utils.py). */
export function embeddedException(message: string): readonly Field[] {
  const lines = message.split(/\\n['"]?(?:, ['"])?|\n/, 2000)
  const known = lines.filter(line => !WRAPPERS.test(LAST_LINE.exec(clean(line))?.[1] ?? ''))
  const found = lastOf(known.map(clean))
  return found.length > 0 ? found : lastOf(lines.map(clean))
}

/** Takes the marks of a list's repr off one line. */
function clean(line: string): string {
  return line
    .replace(/^\[?['"]/, '')
    .replace(/['"]\]$/, '')
    .replace(/\\(['"])/g, '$1')
}

function lastOf(lines: readonly string[]): readonly Field[] {
  const found = lines.findLast(line => line.length < 5000 && LAST_LINE.test(line))
  const parts = found === undefined ? null : LAST_LINE.exec(found)
  return parts === null ? [] : fields(parts[1] ?? '', parts[2] ?? '')
}

function fields(className: string, text: string): readonly Field[] {
  return [
    ['exception', className.replace(/_Remote\b/g, '')],
    ['exception_text', text.trim()],
  ]
}
