import { describe, expect, test } from 'vitest'
import { createCoalescing } from '../../../src/pipeline/coalesce.ts'

interface Written {
  readonly items: readonly number[]
  settle(error?: Error): void
}

/** Writes wait until the test settles them; what lingers waits until it says so. */
function setUp(most = 100): {
  readonly add: (items: readonly number[]) => Promise<void>
  readonly writes: Written[]
  readonly stop: AbortController
  readonly passLinger: () => Promise<void>
} {
  const stop = new AbortController()
  const writes: Written[] = []
  let lingering = Promise.withResolvers<undefined>()
  const coalescing = createCoalescing<number>({
    most,
    linger: () => lingering.promise,
    enough: 50,
    write: items => {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>()
      const settle = (error?: Error): void => {
        if (error === undefined) resolve(undefined)
        else reject(error)
      }
      writes.push({ items: [...items], settle })
      return promise
    },
    stop: stop.signal,
  })
  const passLinger = async (): Promise<void> => {
    await new Promise(resolve => setImmediate(resolve))
    const passing = lingering
    lingering = Promise.withResolvers<undefined>()
    passing.resolve(undefined)
    await new Promise(resolve => setImmediate(resolve))
  }
  return { add: items => coalescing.add(items), writes, stop, passLinger }
}

describe('what comes from many sides', () => {
  test('is written together, and every side hears when it is durable', async () => {
    const { add, writes, passLinger } = setUp()
    let heard = 0
    const adding = [add([1, 2]), add([3]), add([4])].map(each => each.then(() => (heard += 1)))
    await passLinger()
    expect(writes.map(({ items }) => items)).toEqual([[1, 2, 3, 4]])
    expect(heard).toBe(0)
    writes[0]?.settle()
    await Promise.all(adding)
    expect(heard).toBe(3)
  })

  test('is written at once when there is enough of it', async () => {
    const { add, writes } = setUp()
    const adding = add(Array.from({ length: 50 }, (_, index) => index))
    await new Promise(resolve => setImmediate(resolve))
    expect(writes.map(({ items }) => items.length)).toEqual([50])
    writes[0]?.settle()
    await adding
  })

  test('goes into a second write when the first is under way', async () => {
    const { add, writes, passLinger } = setUp()
    const first = add([1])
    await passLinger()
    const second = add([2])
    await passLinger()
    expect(writes.map(({ items }) => items)).toEqual([[1], [2]])
    writes[1]?.settle()
    await second
    writes[0]?.settle()
    await first
  })

  test('waits when too much is held, and goes on when a write has settled', async () => {
    const { add, writes, passLinger } = setUp(2)
    const first = add([1, 2])
    const second = add([3])
    await passLinger()
    await passLinger()
    expect(writes.map(({ items }) => items)).toEqual([[1, 2]])
    writes[0]?.settle()
    await first
    await passLinger()
    expect(writes.map(({ items }) => items)).toEqual([[1, 2], [3]])
    writes[1]?.settle()
    await second
  })

  test('is refused to all its sides when its write fails', async () => {
    const { add, writes, passLinger } = setUp()
    const adding = [add([1]), add([2])]
    await passLinger()
    writes[0]?.settle(new Error('no'))
    expect((await Promise.allSettled(adding)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  test('does not wait for room any more once the process stops', async () => {
    const { add, stop } = setUp(1)
    void add([1]).catch(() => undefined)
    const waiting = add([2])
    stop.abort()
    await expect(waiting).rejects.toThrow()
  })
})
