import { expect, test } from 'vitest'
import { launchToJson, spanToJson } from '../../../collector/render/json.ts'
import { makeFailedLaunch, makeLaunch, makeRefusedLaunch, makeTracedLaunch } from '../../support/sample-launches.ts'

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

test('a launch has the stable names, and null for what a refused request does not have', async () => {
  const launches = [makeLaunch(), makeFailedLaunch(), makeRefusedLaunch()].map(launchToJson)
  await expect(pretty(launches)).toMatchFileSnapshot('__snapshots__/launches.json')
})

test('a launch in progress has no end and no duration yet', () => {
  const running = launchToJson(makeLaunch({ endedAt: undefined, durationSeconds: undefined, outcome: 'in_progress' }))
  expect(running).toMatchObject({ ended_at: null, duration_seconds: null, outcome: 'in_progress', failure: null })
})

test('a span has the stable names, microseconds and its evidence', async () => {
  await expect(pretty(makeTracedLaunch().spans.map(spanToJson))).toMatchFileSnapshot('__snapshots__/spans.json')
})
