import { expect, test } from 'vitest'
import { renderReport } from '../../../collector/render/report.ts'
import type { Report } from '../../../collector/render/report.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { START } from '../../support/sample-launches.ts'

const DAY = 86_400

const report: Report = {
  range: { from: START, to: plusSeconds(START, DAY) },
  before: { from: plusSeconds(START, -DAY), to: START },
  phases: [
    { phase: 'network', launches: 1190, p50: 2.1, p95: 9.8, p99: 31 },
    { phase: 'api', launches: 1200, p50: 0.5, p95: 0.9, p99: 1.4 },
    { phase: 'vif_wait', launches: 1100, p50: 3, p95: 4, p99: 5 },
    { phase: 'block_device', launches: 40, p50: 3, p95: 14, p99: 20 },
    { phase: 'launch', launches: 1200, p50: 11, p95: 24.2, p99: 61 },
  ],
  phasesBefore: [
    { phase: 'launch', launches: 1000, p50: 10, p95: 21, p99: 44 },
    { phase: 'network', launches: 990, p50: 2, p95: 5, p99: 11 },
    { phase: 'api', launches: 1000, p50: 0.5, p95: 0.91, p99: 1.5 },
    { phase: 'vif_wait', launches: 900, p50: 3, p95: 8, p99: 9 },
  ],
  outcomes: [
    { of: 'active', launches: 1180, before: 990 },
    { of: 'error', launches: 20, before: 10 },
  ],
  causes: [
    { of: 'no_valid_host', launches: 15, before: 1 },
    { of: 'vif_timeout', launches: 5, before: 9 },
  ],
  hosts: [
    { host: 'compute-7', launches: 40, failed: 5, p95Seconds: 62 },
    { host: '\u001b[31mevil', launches: 3, failed: 0, p95Seconds: undefined },
  ],
}

test('sets a range beside the range before', async () => {
  await expect(renderReport(report, { width: 100, colour: false })).toMatchFileSnapshot('__snapshots__/report.txt')
})

test('paints what became worse', () => {
  expect(renderReport(report, { width: 100, colour: true })).toContain('\u001b[31m +96 %')
})

test('leaves out the sections that have nothing to say', () => {
  const quiet = { ...report, phases: [], outcomes: [], causes: [], hosts: [] }
  expect(renderReport(quiet, { width: 100, colour: false }).trimEnd().split('\n')).toHaveLength(2)
})
