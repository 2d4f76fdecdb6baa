import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProgress } from '../../../../src/sources/journald/progress.ts'

describe('progress through a journal', () => {
  it('never passes an entry whose write is not durable, and reaches the last when all are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 10 }),
        fc.infiniteStream(fc.nat()),
        async (sizes, picks) => {
          const progress = createProgress()
          const waiting: { readonly line: number; readonly resolve: () => void }[] = []
          let line = -1
          for (const size of sizes) {
            line += size
            progress.mark(line, `s=${String(line)}`)
            const { promise, resolve } = Promise.withResolvers<undefined>()
            waiting.push({
              line,
              resolve: () => {
                resolve(undefined)
              },
            })
            progress.begin(line, promise)
          }
          for (const pick of picks) {
            const [settled] = waiting.splice(pick % Math.max(1, waiting.length), 1)
            if (settled === undefined) break
            settled.resolve()
            await new Promise(resolve => setImmediate(resolve))
            const reached = Number(progress.durable?.slice(2) ?? -1)
            expect(reached).toBeLessThan(Math.min(...waiting.map(each => each.line), Infinity))
          }
          expect(progress.durable).toBe(line < 0 ? undefined : `s=${String(line)}`)
          expect(progress.underWay).toBe(0)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('stays before a record that is still open', async () => {
    const progress = createProgress()
    for (const line of [4, 9]) progress.mark(line, `s=${String(line)}`)
    progress.begin(6, Promise.resolve())
    await progress.room(1)
    expect(progress.durable).toBe('s=4')
    progress.begin(9, Promise.resolve())
    await progress.room(1)
    expect(progress.durable).toBe('s=9')
  })

  it('stops at a write that failed', async () => {
    const progress = createProgress()
    for (const line of [0, 1]) progress.mark(line, `s=${String(line)}`)
    progress.begin(0, Promise.reject(new Error('stopped')))
    progress.begin(1, Promise.resolve())
    await progress.room(1)
    expect(progress.durable).toBeUndefined()
    expect(progress.failure).toEqual(new Error('stopped'))
  })

  it('remembers a bounded number of places behind a record that never ends', async () => {
    const progress = createProgress()
    for (let line = 0; line < 100_000; line += 1) progress.mark(line, `s=${String(line)}`)
    progress.begin(50_000, Promise.resolve())
    await progress.room(1)
    expect(Number(progress.durable?.slice(2))).toBeLessThanOrEqual(50_000)
  })
})
