import { afterEach, describe, expect, test } from 'vitest'
import { importRecording } from '../../collector/import.ts'
import { rebuildLaunches } from '../../collector/rebuild.ts'
import type { Signal } from '../../src/core/signal.ts'
import type { Store } from '../../src/store/store.ts'
import { CORPUS, EXAMPLES } from '../support/corpus.ts'
import type { Recorded } from '../support/corpus.ts'
import { createFakeStore } from '../support/fake-store.ts'
import { createRandom, shuffled } from '../support/random.ts'
import { rebuild, withClocks } from '../support/reconstruction.ts'
import { factsOf } from '../support/scored.ts'
import { embeddedPlace } from '../support/store.ts'
import { readWhole, toText } from '../support/whole.ts'

/*
 * Launches that are rebuilt from a store, a few at a time, from what can be found by links, are the same to the byte as
 * those rebuilt from all facts at once in memory.
 */

interface Opened {
  readonly store: Store
  close(): Promise<void>
}

const KINDS: readonly { readonly kind: string; readonly open: () => Promise<Opened> }[] = [
  {
    kind: 'a store in memory',
    open: () => {
      const store = createFakeStore()
      return Promise.resolve({ store, close: () => store.close() })
    },
  },
  {
    kind: 'embedded ClickHouse',
    open: async () => {
      const place = embeddedPlace()
      const store = await place.open()
      return { store, close: () => store.close().then(() => place.remove()) }
    },
  },
]

/** The same store, whose rebuild begins at one id at a time: everything else has to be found by links. */
function oneByOne(store: Store): Store {
  return { ...store, seeds: proofs => store.seeds(proofs, 1), findSignals: links => store.findSignals(links) }
}

const noProgress = (): void => undefined

async function importInto(store: Store, paths: readonly string[]): Promise<void> {
  await importRecording(store, { paths, onProgress: noProgress })
  await rebuildLaunches(store, noProgress)
}

async function rebuiltFrom(store: Store, signals: readonly Signal[]): Promise<string> {
  for (let at = 0; at < signals.length; at += 1000) await store.writeSignals(signals.slice(at, at + 1000))
  await rebuildLaunches(store, noProgress)
  return toText(await readWhole(store))
}

function pathsOf({ logs, notifications }: Recorded): readonly [string, ...string[]] {
  return notifications === undefined ? [logs] : [logs, notifications]
}

describe.each(KINDS)('launches rebuilt from $kind', ({ open }) => {
  let opened: Opened | undefined

  async function openStore(): Promise<Store> {
    await opened?.close()
    opened = await open()
    return opened.store
  }

  afterEach(async () => {
    await opened?.close()
    opened = undefined
  })

  describe.each(EXAMPLES)('of $name', recorded => {
    test('are those of all its facts in memory, and importing it again changes nothing', async () => {
      const { signals } = await factsOf(recorded)
      const expected = toText(rebuild(signals))
      const store = await openStore()
      await importInto(store, pathsOf(recorded))
      expect(toText(await readWhole(store))).toBe(expected)
      await importInto(store, pathsOf(recorded))
      expect(toText(await readWhole(store))).toBe(expected)
    })

    test('are the same when logs and notifications are imported one after the other, in either order', async () => {
      const { signals } = await factsOf(recorded)
      const expected = toText(rebuild(signals))
      for (const paths of [pathsOf(recorded), pathsOf(recorded).toReversed()]) {
        const store = await openStore()
        for (const path of paths) await importInto(store, [path])
        expect(toText(await readWhole(store))).toBe(expected)
      }
    })

    test('are the same when they are rebuilt one by one', async () => {
      const { signals } = await factsOf(recorded)
      const expected = toText(rebuild(signals))
      expect(await rebuiltFrom(oneByOne(await openStore()), signals)).toBe(expected)
    })

    test('are the same when a half of the facts comes after a rebuild, whichever half', async () => {
      const { signals } = await factsOf(recorded)
      const expected = toText(rebuild(signals))
      const mixed = shuffled(signals, createRandom(7))
      const halves = [mixed.slice(0, mixed.length / 2), mixed.slice(mixed.length / 2)] as const
      const orders = [halves, [halves[1], halves[0]]] as const
      for (const [first, second] of orders) {
        const store = await openStore()
        await rebuiltFrom(store, first)
        expect(await rebuiltFrom(store, second)).toBe(expected)
      }
    })
  })
})

describe.each([...EXAMPLES, ...CORPUS.filter(({ name }) => /^zed-(ovn-uwsgi-info|deep-ovs)$/.test(name))])(
  'launches of $name, rebuilt one by one from what links lead to',
  recorded => {
    test.each([1, 2, 3])('are those of all facts when facts are missing and clocks disagree, draw %i', async draw => {
      const { signals } = await factsOf(recorded)
      const random = createRandom(draw)
      const share = [0.15, 0.5, 0.95][draw % 3] ?? 1
      const some = withClocks(signals, { 'compute-1': 3.2, 'compute-2': -1.7 }).filter(() => random() < share)
      expect(await rebuiltFrom(oneByOne(createFakeStore()), some)).toBe(toText(rebuild(some)))
    })
  },
)
