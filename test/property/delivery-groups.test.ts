import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDeliveryGroups } from '../../src/sources/rabbitmq/delivery-groups.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

interface Write {
  readonly tags: readonly number[]
  readonly settle: PromiseWithResolvers<undefined>
}

/** What happens next: deliveries come, time passes, a write becomes durable or is rejected. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 400 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('durable' as const), which: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rejected' as const), which: fc.nat(7) }) },
)

interface Followed {
  readonly underWay: Write[]
  readonly durable: ReadonlySet<number>
  readonly acknowledged: readonly number[]
  /** Every tenth delivery is passed over: nothing of it has to become durable. */
  readonly deliver: (count: number) => void
  readonly settle: (which: number, how: 'durable' | 'rejected') => void
  readonly finish: () => Promise<void>
}

function follow(): Followed {
  const underWay: Write[] = []
  const durable = new Set<number>()
  const acknowledged: number[] = []
  let tag = 0
  const groups = createDeliveryGroups({
    write: async deliveries => {
      const settle = Promise.withResolvers<undefined>()
      underWay.push({ tags: deliveries.map(Number), settle })
      await settle.promise
    },
    acknowledge: each => acknowledged.push(each),
    fail: () => undefined,
  })
  return {
    underWay,
    durable,
    acknowledged,
    deliver: count => {
      for (const end = tag + count; tag < end;) {
        tag += 1
        if (tag % 10 === 0) durable.add(tag)
        groups.add(tag, tag % 10 === 0 ? undefined : String(tag))
      }
    },
    settle: (which, how) => {
      const [write] = underWay.splice(which % Math.max(1, underWay.length), 1)
      if (how === 'rejected') write?.settle.reject(new Error('The process stops.'))
      else for (const each of write?.tags ?? []) durable.add(each)
      write?.settle.resolve(undefined)
    },
    finish: () => groups.finish(),
  }
}

test('a tag is acknowledged only when it and all before it are durable, and few writes are under way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
      const followed = follow()
      for (const next of steps) {
        if (next.kind === 'deliver') followed.deliver(next.count)
        else if (next.kind !== 'wait') followed.settle(next.which, next.kind)
        await vi.advanceTimersByTimeAsync(next.kind === 'wait' ? 30 : 0)
        const { underWay, durable, acknowledged } = followed
        expect(underWay.length).toBeLessThanOrEqual(8)
        const tags = Array.from({ length: acknowledged.at(-1) ?? 0 }, (_, index) => index + 1)
        expect(tags.filter(tag => !durable.has(tag))).toEqual([])
        expect(acknowledged).toEqual([...acknowledged].sort((one, other) => one - other))
      }
    }),
  )
})

test('every delivery is written once and acknowledged in the end when all writes succeed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 20 }), async counts => {
      const { underWay, acknowledged, deliver, settle, finish } = follow()
      const written: number[] = []
      for (const count of counts) {
        deliver(count)
        await vi.advanceTimersByTimeAsync(10)
      }
      do {
        for (const { tags } of underWay) written.push(...tags)
        while (underWay.length > 0) settle(0, 'durable')
        await vi.advanceTimersByTimeAsync(30)
      } while (underWay.length > 0)
      await finish()
      const last = counts.reduce((sum, count) => sum + count, 0)
      const tags = Array.from({ length: last }, (_, index) => index + 1)
      expect(written.sort((one, other) => one - other)).toEqual(tags.filter(tag => tag % 10 !== 0))
      expect(acknowledged.at(-1) ?? 0).toBe(last)
    }),
  )
})
