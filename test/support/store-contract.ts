import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Launch } from '../../src/core/launch.ts'
import { linksOf } from '../../src/core/links.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { LaunchFilter, LaunchScope, Store } from '../../src/store/store.ts'
import { collect, makeLaunch, makeSignal, NOON, requestOf, uuidOf } from './store.ts'
import type { StorePlace } from './store.ts'

const HOUR = 3600
const DAY = 24 * HOUR

function byId<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  return [...items].sort((left, right) => (left.id < right.id ? -1 : 1))
}

function scopeOf(...launches: readonly Launch[]): Omit<LaunchScope, 'readAt'> {
  return {
    instances: launches.flatMap(launch => launch.instanceId ?? []),
    requests: launches.map(launch => launch.requestId),
  }
}

function withoutSpans(launch: Launch): Launch {
  return { ...launch, spans: [] }
}

/** What every store must do, whatever engine is below it. */
export function describeStore(name: string, place: () => StorePlace | Promise<StorePlace>): void {
  describe(name, () => {
    let where: StorePlace
    let store: Store

    beforeAll(async () => {
      where = await place()
      store = await where.open()
    })
    afterAll(async () => {
      await store.close()
      await where.remove()
    })

    const replace = async (scope: Omit<LaunchScope, 'readAt'>, launches: readonly Launch[]): Promise<void> =>
      store.replaceLaunches({ ...scope, readAt: await store.now() }, launches)
    const put = (...launches: readonly Launch[]): Promise<void> => replace(scopeOf(...launches), launches)
    const list = (filter: LaunchFilter): Promise<readonly Launch[]> => collect(store.readLaunches(filter))

    it('knows nothing at first', async () => {
      expect(await store.signalRange()).toBeUndefined()
      expect(await store.findSignals(['instance:nothing'])).toEqual([])
      expect(await collect(store.streamSignals(['nothing']))).toEqual([])
      expect(await store.findLaunches('00000000')).toEqual([])
      expect(await store.phaseLatency({ from: NOON, to: plusSeconds(NOON, 1) })).toEqual([])
    })

    it('takes nothing without complaint', async () => {
      await store.writeSignals([])
      await replace({ instances: [], requests: [] }, [])
    })

    describe('signals', () => {
      const instance = uuidOf('signal instance')
      const port = uuidOf('signal port')
      const hostile = makeSignal({
        request: requestOf('signals'),
        globalRequest: requestOf('global'),
        instances: [instance, "o'dd\\ \t\n☃"],
        ports: [port],
        volumes: [uuidOf('signal volume')],
        aliases: ['mac:fa:16:3e:00:00:01', 'ip:a/10.0.0.1'],
        attributes: { seconds: '1.5', "it's": 'a \\ "b"\n', '': '' },
        text: '\u0000 <a> \\N ☃ 😀 \r\n\t',
      })
      const other = makeSignal({ name: 'nova.compute.spawned', at: plusSeconds(NOON, 2.000001), instances: [instance] })
      const portOnly = makeSignal({ name: 'neutron.port.bound', at: plusSeconds(NOON, 1), ports: [port] })
      const lonely = makeSignal({ name: 'nova.api.lonely', at: plusSeconds(NOON, -1) })
      const all = [hostile, other, portOnly, lonely]

      beforeAll(() => store.writeSignals(all))

      it('come back as they were, found by any of their links', async () => {
        for (const link of linksOf(hostile)) expect(await store.findSignals([link])).toContainEqual(hostile)
      })

      it('are found together by several links, each once, and nothing else is', async () => {
        const found = await store.findSignals([`instance:${instance}`, `port:${port}`, 'port:unknown'])
        expect(byId(found)).toEqual(byId([hostile, other, portOnly]))
        expect(byId(await store.findSignals([`port:${port}`]))).toEqual(byId([hostile, portOnly]))
      })

      it('change nothing when written again, in the same batch or later', async () => {
        await store.writeSignals([...all, ...all])
        await store.writeSignals(all)
        expect(await store.findSignals([`instance:${instance}`])).toHaveLength(2)
        expect(await collect(store.streamSignals(all.map(signal => signal.name)))).toHaveLength(all.length)
      })

      it('stream in order of time', async () => {
        const names = [other.name, portOnly.name, lonely.name]
        expect(await collect(store.streamSignals(names))).toEqual([lonely, portOnly, other])
      })

      it('tell the time of the first and the last', async () => {
        expect(await store.signalRange()).toEqual({ from: lonely.at, to: other.at })
      })

      it('stream in batches of bounded size, and as many links as one likes are looked up', async () => {
        const many = Array.from({ length: 15_000 }, (_, index) =>
          makeSignal({ name: 'many', at: plusSeconds(NOON, index % 5_000), ports: [`many-${String(index)}`] }),
        )
        await store.writeSignals(many)
        let last = 0
        let count = 0
        for await (const batch of store.streamSignals(['many'])) {
          expect(batch.length).toBeLessThanOrEqual(10_000)
          for (const signal of batch) {
            expect(signal.at).toBeGreaterThanOrEqual(last)
            last = signal.at
          }
          count += batch.length
        }
        expect(count).toBe(many.length)
        const found = await store.findSignals(many.slice(0, 2_500).map(signal => `port:${signal.ports[0] ?? ''}`))
        expect(found).toHaveLength(2_500)
      })

      it('give up a stream that nobody reads to its end', async () => {
        for (let round = 0; round < 10; round += 1) {
          for await (const batch of store.streamSignals(['many'])) {
            expect(batch.length).toBeGreaterThan(0)
            break
          }
        }
        expect(await store.signalRange()).toBeDefined()
      })

      it('say where launches may be found, by first appearance', async () => {
        const [first, second] = [uuidOf('first seed'), uuidOf('second seed')]
        await store.writeSignals([
          makeSignal({ name: 'seed.instance', at: plusSeconds(NOON, 9), instances: [first] }),
          makeSignal({ name: 'seed.instance', at: plusSeconds(NOON, 3), instances: [second, first] }),
          makeSignal({ name: 'seed.instance', at: plusSeconds(NOON, 1), instances: [second] }),
          makeSignal({
            name: 'seed.request',
            at: plusSeconds(NOON, 2),
            request: requestOf('seed'),
            instances: [uuidOf('x')],
          }),
          makeSignal({ name: 'seed.request', at: NOON }),
          makeSignal({ name: 'seed.other', at: NOON, request: requestOf('other'), instances: [uuidOf('y')] }),
        ])
        const proofs = { instanceProofs: ['seed.instance'], requestProofs: ['seed.request'] }
        const batches: unknown[] = []
        for await (const batch of store.seeds(proofs, 2)) batches.push(batch)
        expect(batches).toEqual([
          [
            { kind: 'instance', value: second },
            { kind: 'request', value: requestOf('seed') },
          ],
          [{ kind: 'instance', value: first }],
        ])
      })
    })

    describe('launches', () => {
      it('come back whole, by request id, trace id, instance, and prefixes of each', async () => {
        const launch = makeLaunch('whole')
        await put(launch)
        const instance = launch.instanceId ?? ''
        const ids = [launch.requestId, launch.traceId, instance, instance.toUpperCase(), instance.replaceAll('-', '')]
        const prefixes = [launch.requestId.slice(0, 20), launch.traceId.slice(0, 12), instance.slice(0, 12)]
        for (const id of [...ids, ...prefixes]) expect(await store.findLaunches(id), id).toEqual([launch])
        for (const id of ['', 'abc', 'req-', "' OR 1=1 --", '%%%%'])
          expect(await store.findLaunches(id), id).toEqual([])
      })

      it('come back whole when refused, failed, or still running', async () => {
        const refused = makeLaunch('refused', {
          instanceId: undefined,
          outcome: 'error',
          attempts: [],
          spans: [],
          failure: {
            phase: 'api',
            service: 'nova-api',
            host: 'controller',
            cause: 'quota_exceeded',
            exception: 'OverQuota',
            message: "Quota exceeded for cores: it's 5\nof 4",
          },
        })
        const running = makeLaunch('running', {
          outcome: 'in_progress',
          endedAt: undefined,
          durationSeconds: undefined,
          phases: {},
        })
        await put(refused, running)
        expect(await store.findLaunches(refused.requestId)).toEqual([refused])
        expect(await store.findLaunches(running.requestId)).toEqual([running])
      })

      it('change nothing when written again', async () => {
        const launch = makeLaunch('again')
        await put(launch)
        await put(launch)
        expect(await store.findLaunches(launch.requestId)).toEqual([launch])
      })

      it('are replaced, by more facts and by fewer', async () => {
        const versions = [10, 20, 15].map(signals =>
          makeLaunch('versions', { signals, host: `host-${String(signals)}` }),
        )
        for (const version of versions) {
          await put(version)
          expect(await store.findLaunches(version.requestId)).toEqual([version])
        }
      })

      it('of one request are all found, ordered by start and instance', async () => {
        const one = makeLaunch('several')
        const instances = ['a', 'b', 'c'].map(letter => uuidOf(`several ${letter}`)).sort()
        const launches = instances.map(instanceId => ({ ...one, instanceId }))
        await put(...launches)
        expect(await store.findLaunches(one.requestId)).toEqual(launches)
        expect(await store.findLaunches(instances[1] ?? '')).toEqual([launches[1]])
      })

      it('disappear when they are no longer among what is known', async () => {
        const refused = makeLaunch('stale', { instanceId: undefined })
        const known = makeLaunch('stale')
        const corrected = { ...makeLaunch('stale corrected'), instanceId: known.instanceId }
        await put(refused)
        await put(known)
        expect(await store.findLaunches(known.requestId)).toEqual([known])
        await replace({ instances: [known.instanceId ?? ''], requests: [] }, [corrected])
        expect(await store.findLaunches(known.requestId)).toEqual([])
        expect(await store.findLaunches(known.instanceId ?? '')).toEqual([corrected])
        await replace(scopeOf(corrected), [])
        expect(await store.findLaunches(corrected.requestId)).toEqual([])
        await put(known)
        expect(await store.findLaunches(known.instanceId ?? '')).toEqual([known])
      })

      it('stay when the facts of others were read before theirs, whichever is stored last', async () => {
        const [earlier, later] = [await store.now(), await store.now()]
        const launch = makeLaunch('raced')
        const scope = scopeOf(launch)
        await store.replaceLaunches({ ...scope, readAt: later }, [launch])
        await store.replaceLaunches({ ...scope, readAt: earlier }, [{ ...launch, signals: launch.signals - 1 }])
        expect(await store.findLaunches(launch.requestId)).toEqual([launch])
        await store.replaceLaunches({ ...scope, readAt: earlier }, [])
        expect(await store.findLaunches(launch.requestId)).toEqual([launch])
      })

      it('leave alone what is out of scope', async () => {
        const [mine, yours] = [makeLaunch('mine'), makeLaunch('yours')]
        await put(mine, yours)
        await replace(scopeOf(mine), [])
        expect(await store.findLaunches(yours.requestId)).toEqual([yours])
      })

      it('are one when their start moves into another week, and back', async () => {
        const starts = [NOON, plusSeconds(NOON, -7 * DAY), plusSeconds(NOON, 30 * DAY), NOON]
        for (const startedAt of starts) {
          const launch = makeLaunch('moving', { startedAt })
          await put(launch)
          expect(await store.findLaunches(launch.requestId)).toEqual([launch])
          const range = { since: plusSeconds(startedAt, -1), until: plusSeconds(startedAt, 1) }
          const instance = launch.instanceId ?? ''
          expect(await list({ ...range, instance })).toEqual([withoutSpans(launch)])
          for (const other of starts.filter(start => start !== startedAt))
            expect(await list({ since: other, until: plusSeconds(other, 1), instance })).toEqual([])
        }
      })
    })

    describe('lists of launches', () => {
      const base = plusSeconds(NOON, 100 * DAY)
      const make = (index: number, given: Partial<Launch>): Launch =>
        makeLaunch(`list ${String(index)}`, { startedAt: plusSeconds(base, index * HOUR), ...given })
      const launches = [
        make(0, { durationSeconds: 30, phases: { api: 30 } }),
        make(1, { durationSeconds: 10, host: 'compute-7', phases: { api: 10 } }),
        make(2, { durationSeconds: 20, outcome: 'error', phases: { api: 20 } }),
        make(3, {
          durationSeconds: undefined,
          endedAt: undefined,
          outcome: 'in_progress',
          projectId: 'other',
          phases: {},
        }),
      ]
      const range = { since: base, until: plusSeconds(base, DAY) }
      const pick = (...indexes: readonly number[]): readonly Launch[] =>
        indexes.flatMap(index => launches[index] ?? []).map(withoutSpans)

      beforeAll(() => put(...launches.toReversed()))

      it.each<[string, LaunchFilter, readonly number[]]>([
        ['all, oldest first', {}, [0, 1, 2, 3]],
        ['since is inside, until is not', { since: plusSeconds(base, HOUR), until: plusSeconds(base, 2 * HOUR) }, [1]],
        ['by outcome', { outcome: 'error' }, [2]],
        ['by host', { host: 'compute-7' }, [1]],
        ['by project', { project: 'other' }, [3]],
        ['by instance', { instance: launches[2]?.instanceId ?? '' }, [2]],
        ['by a prefix of an instance', { instance: (launches[2]?.instanceId ?? '').slice(0, 10) }, [2]],
        ['the slowest first', { slowest: 10 }, [0, 2, 1]],
        ['only so many of the slowest', { slowest: 2 }, [0, 2]],
        ['only so many', { limit: 2 }, [0, 1]],
        ['nothing', { host: "x' OR '1'='1" }, []],
      ])('%s', async (_, filter, expected) => {
        expect(await list({ ...range, ...filter })).toEqual(pick(...expected))
      })

      it('tell how long each phase takes', async () => {
        const latency = await store.phaseLatency({ from: range.since, to: range.until })
        expect(latency.map(row => [row.phase, row.launches])).toEqual([
          ['launch', 3],
          ['api', 3],
        ])
        expect(latency[0]?.p50).toBeCloseTo(20)
        expect(latency[0]?.p99).toBeGreaterThan(latency[0]?.p50 ?? 0)
      })
    })

    it('keeps all when it is closed and opened again', async () => {
      const [signal, launch] = [makeSignal({ instances: ['kept'] }), makeLaunch('kept')]
      await store.writeSignals([signal])
      await put(launch)
      await store.close()
      store = await where.open()
      expect(await store.findSignals(['instance:kept'])).toEqual([signal])
      expect(await store.findLaunches(launch.requestId)).toEqual([launch])
    })
  })
}
