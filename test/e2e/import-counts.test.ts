import { expect, test } from 'vitest'
import { importRecording } from '../../collector/import.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { createFakeStore } from '../support/fake-store.ts'

test.each(EXAMPLES)('every line of $name is counted once: recognised, unknown or undecodable', async recorded => {
  const { logs, notifications } = recorded
  const paths = notifications === undefined ? [logs] : [logs, notifications]
  const summary = await importRecording(createFakeStore(), { paths, onProgress: () => undefined })
  expect([...summary.records.keys()].toSorted()).toEqual([...summary.read.services.keys()].toSorted())
  for (const [service, counts] of summary.read.services) {
    const { given = 0, recognised = 0 } = summary.records.get(service) ?? {}
    // What the reader gave out is what the recogniser was given: neither can lose a record unseen.
    expect(given, service).toBe(counts.heads - counts.unwanted)
    const unknown = counts.unwanted + (given - recognised) + counts.continuations + counts.blank
    expect(recognised + unknown + counts.undecodable, service).toBe(counts.lines)
  }
  const { read, recognised, unknown, undecodable } = summary.notifications
  expect(recognised + unknown + undecodable).toBe(read)
  const fromLogs = [...summary.records.values()].reduce((sum, counts) => sum + counts.recognised, 0)
  expect(summary.signals).toBe(fromLogs + recognised)
})
