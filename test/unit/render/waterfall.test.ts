import { describe, expect, test } from 'vitest'
import { displayWidth } from '../../../collector/render/text.ts'
import { renderWaterfall } from '../../../collector/render/waterfall.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import {
  makeFailedLaunch,
  makeLaunch,
  makeRefusedLaunch,
  makeSpan,
  makeTracedLaunch,
  START,
} from '../../support/sample-launches.ts'

const plain = { width: 110, colour: false, evidence: false }

describe('a waterfall', () => {
  test('shows the verdict, the facts, the phases and every span', async () => {
    await expect(renderWaterfall(makeTracedLaunch(), plain)).toMatchFileSnapshot('__snapshots__/waterfall-active.txt')
  })

  test('shows below each span what proves it, when asked', async () => {
    await expect(renderWaterfall(makeTracedLaunch(), { ...plain, evidence: true })).toMatchFileSnapshot(
      '__snapshots__/waterfall-evidence.txt',
    )
  })

  test('says of a failure what failed, where and why, and how often it was tried', async () => {
    await expect(renderWaterfall(makeFailedLaunch(), plain)).toMatchFileSnapshot('__snapshots__/waterfall-failed.txt')
  })

  test('says of a refused request who refused it', async () => {
    await expect(renderWaterfall(makeRefusedLaunch(), plain)).toMatchFileSnapshot('__snapshots__/waterfall-refused.txt')
  })

  test.each([
    ['deleted', 'web-1 was deleted while it was being built, after 12.5 s.'],
    ['lost', 'web-1 went silent after 12.5 s on compute-1.'],
    ['in_progress', 'web-1 is still being built on compute-1, 12.5 s so far.'],
    ['error', 'web-1 failed after 12.5 s; nothing says why.'],
  ] as const)('has a sentence for %s', (outcome, sentence) => {
    expect(renderWaterfall(makeLaunch({ outcome }), plain)).toContain(sentence)
  })

  test('sends nothing hostile to the terminal', () => {
    const evil = '\u001b[2J\u202e\u0007虚拟机'
    const span = makeSpan(evil, [0, 1], {
      service: evil,
      host: evil,
      attributes: { 'launchtrace.clock_offset_seconds': '-2' },
      evidence: [{ at: START, service: evil, host: evil, source: evil, text: evil.repeat(200) }],
    })
    const failure = { phase: 'api', service: evil, host: evil, cause: 'other', exception: evil, message: evil } as const
    const launch = makeLaunch({ displayName: evil, host: evil, flavor: evil, outcome: 'error', failure, spans: [span] })
    const text = renderWaterfall(launch, { ...plain, evidence: true })
    expect(text.replaceAll('\n', '')).not.toMatch(/(?![\u2068\u2069])[\p{Cc}\p{Cf}]/u)
  })

  test.each([80, 110, 200])('stays within %i columns', width => {
    const deep = Array.from({ length: 40 }, (_, depth) =>
      makeSpan(`span ${String(depth)} ${'x'.repeat(depth)}`, [depth / 4, 1], {
        host: 'h'.repeat(80),
        ...(depth === 0
          ? {}
          : { parentSpanId: makeSpan(`span ${String(depth - 1)} ${'x'.repeat(depth - 1)}`, [0, 0]).spanId }),
        evidence: [{ at: START, service: 's'.repeat(200), host: 'h', source: 'log', text: 'word '.repeat(100) }],
      }),
    )
    const text = renderWaterfall(makeTracedLaunch({ spans: deep }), { width, colour: false, evidence: true })
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
  })

  test('shows every span once when parents are missing or form a circle', () => {
    const spans = [
      makeSpan('orphan', [0, 1], { parentSpanId: 'feedfeedfeedfeed' }),
      makeSpan('one', [1, 1], { parentSpanId: makeSpan('two', [0, 0]).spanId }),
      makeSpan('two', [2, 1], { parentSpanId: makeSpan('one', [0, 0]).spanId }),
      makeSpan('self', [3, 0], { parentSpanId: makeSpan('self', [0, 0]).spanId }),
    ]
    const lines = renderWaterfall(makeLaunch({ spans }), plain).split('\n')
    for (const { name } of spans) expect(lines.filter(line => line.trim().startsWith(`${name} `))).toHaveLength(1)
  })

  test('draws a launch that took no time', () => {
    const launch = makeLaunch({
      durationSeconds: 0,
      endedAt: plusSeconds(START, 0),
      phases: {},
      spans: [makeSpan('POST /servers', [0, 0])],
    })
    expect(renderWaterfall(launch, plain)).toContain('web-1 became active in 0 s')
  })
})
