/** One statement as it came over ClickHouse's HTTP interface. */
export interface HttpStatement {
  readonly text: string
  /** Values of `{name:Type}` placeholders, escaped as fields of a tab-separated line. */
  readonly params: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string>>
  readonly database: string | undefined
  readonly format: string
  readonly queryId: string | undefined
}

/** Parameters of the interface itself; every other name is a setting. */
const RESERVED = new Set([
  'query',
  'database',
  'default_format',
  'user',
  'password',
  'quota_key',
  'query_id',
  'session_id',
  'session_timeout',
  'session_check',
  'role',
  'compress',
  'decompress',
  'stacktrace',
])

/** Settings of the HTTP layer, which the engine below it does not know. */
const HTTP_ONLY = /^(wait_end_of_query$|buffer_size$|enable_http_compression$|send_progress_in_http|http_|cancel_http_)/

/** The answer's format: the statement's own clause decides, then the request. */
function formatOf(text: string, query: URLSearchParams, header: string | undefined): string {
  const clause = /\bFORMAT\s+(\w+)\s*(?:SETTINGS\b[^;]*)?;?\s*$/i.exec(text)
  return clause?.[1] ?? query.get('default_format') ?? header ?? 'TabSeparated'
}

export interface HttpRequestParts {
  readonly query: URLSearchParams
  readonly body: string
  readonly header: (name: string) => string | undefined
}

/** The statement is the `query` parameter followed by the body, which is how inserts bring their data. */
export function readHttpStatement({ query, body, header }: HttpRequestParts): HttpStatement {
  const head = query.get('query') ?? ''
  const text = head !== '' && body !== '' ? `${head}\n${body}` : head + body
  const params: Record<string, string> = {}
  const settings: Record<string, string> = {}
  for (const [name, value] of query) {
    if (name.startsWith('param_')) params[name.slice('param_'.length)] = value
    else if (!RESERVED.has(name) && !HTTP_ONLY.test(name)) settings[name] = value
  }
  return {
    text,
    params,
    settings,
    database: query.get('database') ?? header('x-clickhouse-database'),
    format: formatOf(head === '' ? text : head, query, header('x-clickhouse-format')),
    queryId: query.get('query_id') ?? undefined,
  }
}
