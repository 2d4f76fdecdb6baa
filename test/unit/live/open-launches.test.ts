import { expect, test } from 'vitest'
import { OpenLaunches } from '../../../collector/live/open-launches.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { makeLaunch, NOON } from '../../support/store.ts'

const LOST_AFTER = 1800
const launch = makeLaunch('open', { outcome: 'in_progress' })
const seed = { kind: 'instance', value: launch.instanceId ?? '' } as const

test('a launch in progress is due after a minute, and then when it may be lost', () => {
  const open = new OpenLaunches(LOST_AFTER)
  open.saw(launch, NOON, false)
  expect(open.due(plusSeconds(NOON, 60), 10)).toEqual([])
  expect(open.due(plusSeconds(NOON, 61), 10)).toEqual([seed])
  open.saw(launch, plusSeconds(NOON, 61), true)
  expect(open.due(plusSeconds(NOON, 61 + LOST_AFTER), 10)).toEqual([])
  expect(open.due(plusSeconds(NOON, 62 + LOST_AFTER), 10)).toEqual([seed])
})

test('a launch that has ended is not watched any more', () => {
  const open = new OpenLaunches(LOST_AFTER)
  open.saw(launch, NOON, false)
  open.saw({ ...launch, outcome: 'active' }, NOON, false)
  expect(open.size).toBe(0)
  expect(open.due(plusSeconds(NOON, 1e6), 10)).toEqual([])
})

test('launches that were found in the store are due at once, and no more at a time than asked for', () => {
  const open = new OpenLaunches(LOST_AFTER)
  open.found([seed, { kind: 'instance', value: 'other' }] as const, NOON)
  expect(open.due(NOON, 1)).toEqual([seed])
  expect(open.due(NOON, 1)).toEqual([{ kind: 'instance', value: 'other' }])
})
