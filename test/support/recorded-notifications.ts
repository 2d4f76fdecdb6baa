import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** A notification that a real cloud's RabbitMQ delivered. */
export interface RecordedNotification {
  readonly exchange: string
  readonly routingKey: string
  readonly body: string
  /** The line of the recording, as `import` reads it. */
  readonly line: string
}

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples')

/** The notifications of a bundled recording, in their order. */
export function recordedNotifications(example = 'zed-ovn'): readonly RecordedNotification[] {
  const lines = gunzipSync(readFileSync(join(EXAMPLES, example, 'notifications.jsonl.gz')))
    .toString()
    .split('\n')
  return lines.flatMap(line => {
    if (line === '') return []
    const { exchange, routing_key: routingKey, body } = JSON.parse(line) as Record<string, string>
    return [{ exchange: exchange ?? '', routingKey: routingKey ?? '', body: body ?? '', line }]
  })
}
