import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { Rebuilder } from '../../collector/live/rebuilder.ts'
import type { Launch } from '../../src/core/launch.ts'
import type { Signal } from '../../src/core/signal.ts'
import { LOST_AFTER_SECONDS } from '../../src/reconstruct/surroundings.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import type { LiveStore } from '../../src/store/live-store.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { createRandom, shuffled } from '../support/random.ts'
import { rebuild, withClocks } from '../support/reconstruction.ts'
import { factsOf } from '../support/scored.ts'
import { makeTemporaryDirectory } from '../support/store.ts'
import { recordTelemetry } from '../support/telemetry.ts'
import { readWhole, toText } from '../support/whole.ts'

/* Whatever the order in which facts come, whoever is killed, the launches are in the end what all facts amount to. */

interface Working {
  readonly rebuilder: Rebuilder
  readonly launches: Launch[]
  /** As a kill would: whatever it had not stored is gone. */
  end(): Promise<void>
}

function start(store: LiveStore, collector = 'one'): Working {
  const launches: Launch[] = []
  const rebuilder = new Rebuilder({
    store,
    telemetry: recordTelemetry(),
    collector,
    lostAfterSeconds: LOST_AFTER_SECONDS,
    onLaunches: changed => launches.push(...changed),
  })
  const stop = new AbortController()
  const done = rebuilder.run(stop.signal)
  return {
    rebuilder,
    launches,
    end: () => {
      stop.abort()
      return done
    },
  }
}

async function settle({ rebuilder }: Working): Promise<void> {
  while (!rebuilder.status().settled) await sleep(20)
}

describe.each(EXAMPLES)('launches of $name that are kept up to date', recorded => {
  let directory = ''
  let store: LiveStore | undefined

  const begun: Working[] = []
  function begin(on: LiveStore, collector?: string): Working {
    const working = start(on, collector)
    begun.push(working)
    return working
  }

  afterEach(async () => {
    for (const working of begun.splice(0)) await working.end()
    await store?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  async function open(): Promise<LiveStore> {
    directory = makeTemporaryDirectory()
    store = await openEmbeddedStore({ directory })
    return store
  }

  async function facts(draw: number): Promise<{ signals: readonly Signal[]; expected: string }> {
    const { signals } = await factsOf(recorded)
    const shifted = draw === 1 ? signals : withClocks(signals, { 'compute-1': 3.2, 'compute-2': -1.7 })
    return { signals: shifted, expected: toText(rebuild(shifted)) }
  }

  test.each([1, 2])('are those of all facts, whatever the order in which they come, draw %i', async draw => {
    const { signals, expected } = await facts(draw)
    const opened = await open()
    const working = begin(opened)
    const mixed = draw === 1 ? signals : shuffled(signals, createRandom(draw))
    for (let at = 0; at < mixed.length; at += 400) {
      await working.rebuilder.store(mixed.slice(at, at + 400))
      await sleep(30)
    }
    await settle(working)
    expect(toText(await readWhole(opened))).toBe(expected)
  })

  test('are those of all facts when collectors die and others go on', async () => {
    const { signals, expected } = await facts(2)
    const opened = await open()
    const random = createRandom(5)
    const mixed = shuffled(signals, random)
    let working = begin(opened)
    for (let at = 0; at < mixed.length; at += 300) {
      await working.rebuilder.store(mixed.slice(at, at + 300))
      await sleep(random() * 150)
      if (random() < 0.4) {
        await working.end()
        working = begin(opened)
      }
    }
    await settle(working)
    expect(toText(await readWhole(opened))).toBe(expected)
  })

  test('are those of all facts when two collectors each get a part of them', async () => {
    const { signals, expected } = await facts(1)
    const opened = await open()
    const both = [begin(opened, 'one'), begin(opened, 'two')]
    const random = createRandom(9)
    for (let at = 0; at < signals.length; at += 300) {
      const [mine, yours] = Map.groupBy(signals.slice(at, at + 300), () => random() < 0.5).values()
      await Promise.all([both[0]?.rebuilder.store(mine ?? []), both[1]?.rebuilder.store(yours ?? [])])
      await sleep(20)
    }
    for (const working of both) await settle(working)
    expect(toText(await readWhole(opened))).toBe(expected)
  })
})

test('a launch that goes silent says in which phase it stands, and is lost when silence has lasted', async () => {
  const [recorded] = EXAMPLES
  if (recorded === undefined) throw new Error('examples/ is empty')
  const { signals } = await factsOf(recorded)
  const whole = rebuild(signals).find(({ outcome, attempts }) => outcome === 'active' && attempts.length === 1)
  const until = (whole?.attempts[0]?.startedAt ?? 0) + 200_000
  const isOwn = ({ request, instances }: Signal): boolean =>
    request === whole?.requestId || instances.includes(whole?.instanceId ?? '')
  const beginning = signals.filter(signal => signal.at <= until && isOwn(signal))

  const directory = makeTemporaryDirectory()
  const store = await openEmbeddedStore({ directory })
  let nowMs = 0
  const deps = { store, telemetry: recordTelemetry(), collector: 'one', onLaunches: () => undefined }
  const rebuilder = new Rebuilder({ ...deps, lostAfterSeconds: 600, nowMs: () => nowMs })
  const stop = new AbortController()
  const done = rebuilder.run(stop.signal)
  const outcomeIs = async (outcome: string): Promise<Launch> => {
    for (;;) {
      const [launch] = await readWhole(store)
      if (launch?.outcome === outcome) return launch
      nowMs += 1000
      await sleep(50)
    }
  }
  try {
    await rebuilder.store(beginning)
    const open = await outcomeIs('in_progress')
    expect(open.open?.phase).toBeDefined()
    expect(rebuilder.status().open).toBe(1)
    nowMs += 700_000
    const lost = await outcomeIs('lost')
    expect(lost.failure?.cause).toBe('went_silent')
    expect(lost.open).toBeUndefined()
    await rebuilder.store(signals.filter(isOwn))
    expect((await outcomeIs('active')).instanceId).toBe(whole?.instanceId)
  } finally {
    stop.abort()
    await done
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
})
