import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { renderLaunchList } from '../../../collector/render/launch-list.ts'
import { displayWidth } from '../../../collector/render/text.ts'
import type { Launch } from '../../../src/core/launch.ts'
import { makeLaunch, makeRefusedLaunch } from '../../support/sample-launches.ts'

const launches = [
  makeLaunch(),
  makeRefusedLaunch(),
  makeLaunch({
    displayName: 'db-1',
    host: 'compute-22',
    durationSeconds: 44,
    outcome: 'lost',
    phases: { network: 40, unexplained: 4 },
  }),
  makeLaunch({ displayName: 'ci', outcome: 'deleted', durationSeconds: 3.1, phases: { api: 1, image: 2.1 } }),
  makeLaunch({
    displayName: 'new',
    outcome: 'in_progress',
    durationSeconds: undefined,
    endedAt: undefined,
    phases: { api: 3 },
  }),
]

const hostileNames = [
  '\u001b[2J\u001b[31mred\u0007',
  '虚拟机🚀'.repeat(30),
  'x'.repeat(100_000),
  '\u202eevil\u2066',
  'שלום עולם',
  'a\nb\tc\rd',
  '',
]
const hostile: readonly Launch[] = hostileNames.map(name => makeLaunch({ displayName: name, host: name }))

test.each([80, 120, 160])('prints a table with bars on one scale, %i columns wide', async width => {
  const text = renderLaunchList(launches, { width, colour: false })
  await expect(text).toMatchFileSnapshot(`__snapshots__/launch-list-${String(width)}.txt`)
})

test('prints the same words in colour', () => {
  const coloured = renderLaunchList(launches, { width: 120, colour: true })
  expect(coloured).toContain('\u001b[31merror')
  const words = (text: string): string => text.replace(/phases[^]*$/, '')
  expect(words(stripVTControlCharacters(coloured))).toBe(
    words(renderLaunchList(launches, { width: 120, colour: false })),
  )
})

test.each([80, 100, 120, 200])('keeps every line within %i columns whatever a name holds', width => {
  const text = renderLaunchList([...launches, ...hostile], { width, colour: false })
  for (const line of text.split('\n').filter(line => line.includes('2024-'))) {
    expect(displayWidth(line)).toBeLessThanOrEqual(width)
  }
})

test('sends no control character of a name to the terminal', () => {
  const text = renderLaunchList(hostile, { width: 120, colour: false })
  expect(text.replaceAll('\n', '')).not.toMatch(/(?![\u2068\u2069])[\p{Cc}\p{Cf}]/u)
  expect(text.trimEnd().split('\n')).toHaveLength(1 + hostile.length + 3)
})

test('aligns what follows a wide or hostile name', async () => {
  await expect(renderLaunchList(hostile, { width: 120, colour: false })).toMatchFileSnapshot(
    '__snapshots__/launch-list-hostile.txt',
  )
})

test('says so when there are none', () => {
  expect(renderLaunchList([], { width: 80, colour: false })).toBe('No launches.\n')
})
