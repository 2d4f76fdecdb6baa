import type { Kafka } from 'kafkajs'

/** Of oslo.messaging (oslo.messaging: notify/notifier.py). */
const PRIORITIES = ['audit', 'debug', 'info', 'warn', 'error', 'critical', 'sample'] as const

/**
 * Topics of oslo.messaging's Kafka driver: one for each topic and priority. Where the transport URL has a virtual host, its
 * name follows after another dot, and the topics have to be named.
 */
export const DEFAULT_NOTIFICATION_TOPICS: readonly string[] = ['notifications', 'versioned_notifications'].flatMap(
  topic => PRIORITIES.map(priority => `${topic}.${priority}`),
)

/** Those of `wanted` that exist and that we may see, sorted. A service makes a topic when it first publishes to it. */
export async function findTopics(kafka: Kafka, wanted: readonly string[]): Promise<readonly string[]> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const known = new Set(await admin.listTopics())
    return wanted.filter(topic => known.has(topic)).sort()
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
