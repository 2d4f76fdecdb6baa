import type { Session } from 'chdb'
import type { HttpStatement } from './http-statement.ts'

/** Statements that only ask. */
const READS = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(?:SELECT|WITH)\b/i

/** Formats in which the blocks of an answer simply follow one another; the others have a beginning or an end. */
const STREAMED = new Set(['JSONEachRow', 'JSONCompactEachRow', 'TabSeparated', 'TSV', 'CSV', 'RowBinary', 'Native'])

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** The engine reads `SET param_x` as the HTTP interface reads `param_x`, escapes included. */
function set(session: Session, name: string, value: string): void {
  if (!/^\w+$/.test(name)) throw new Error(`Code: 115. DB::Exception: Unknown setting '${name}'. (UNKNOWN_SETTING)`)
  session.query(`SET ${name} = ${quote(value)}`)
}

function prepare(session: Session, statement: HttpStatement, readOnly: boolean): void {
  if (statement.database !== undefined) session.query(`USE \`${statement.database.replaceAll(/[\\`]/g, '\\$&')}\``)
  for (const [name, value] of Object.entries(statement.params)) set(session, `param_${name}`, value)
  for (const [name, value] of Object.entries(statement.settings)) set(session, name, value)
  // Set last: from here on the session can neither write nor lift this again, nor read files, nor call out.
  if (readOnly) session.query('SET readonly = 1')
}

async function* prepend<Item>(first: Item, rest: AsyncIterator<Item>): AsyncIterable<Item> {
  yield first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

async function stream(session: Session, { text, format }: HttpStatement): Promise<AsyncIterable<Uint8Array>> {
  const blocks = session.queryStream(text, { format })[Symbol.asyncIterator]()
  const bytes = (async function* (): AsyncGenerator<Uint8Array, void> {
    for (let next = await blocks.next(); next.done !== true; next = await blocks.next()) yield next.value.raw()
  })()
  const first = await bytes.next()
  return first.done === true ? prepend(new Uint8Array(), bytes) : prepend(first.value, bytes)
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes)
}

/** Runs a statement; rejects when the engine refuses it, before any byte of the answer is there. */
export async function runStatement(
  session: Session,
  statement: HttpStatement,
  { readOnly }: { readonly readOnly: boolean },
): Promise<AsyncIterable<Uint8Array>> {
  prepare(session, statement, readOnly)
  const { text, format } = statement
  if (READS.test(text) && STREAMED.has(format)) return stream(session, statement)
  const result = await session.queryAsync(text, { format })
  return once(result.bytes())
}
