import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { untilImported } from '../support/answers.ts'
import type { Clickhouse } from '../support/clickhouse.ts'
import { startClickhouse } from '../support/clickhouse.ts'
import { EXAMPLES } from '../support/corpus.ts'
import type { LiveProgram } from '../support/live-program.ts'
import { isAtRest } from '../support/live-program.ts'
import type { LiveScene } from '../support/live-scene.ts'
import { setScene } from '../support/live-scene.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'
import type { Written } from '../support/replay.ts'

/* What is under way when a process is asked to stop: the store swallows it until a test lets it answer. */

let broker: Rabbitmq
let store: Clickhouse | undefined
let scene: LiveScene | undefined

beforeAll(async () => {
  broker = await startRabbitmq()
}, 120_000)
afterAll(() => broker.remove())
afterEach(async () => {
  await scene?.end()
  await store?.remove()
  scene = undefined
  store = undefined
})

interface Stopping {
  readonly scene: LiveScene
  readonly store: Clickhouse
  readonly up: LiveProgram
  readonly written: Written
}

/** A process that has read everything, and of which the store has taken only the beginning. */
async function holdBack(shutdown: string): Promise<Stopping> {
  const [recording] = EXAMPLES
  if (recording === undefined) throw new Error('There is no recording in examples/.')
  const [here, clickhouse] = await Promise.all([setScene(recording, broker), startClickhouse()])
  scene = here
  store = clickhouse
  const { url, user, password } = clickhouse
  const up = await here.program('up', 'up', {
    state: here.place('state'),
    sources: { files: [{ paths: [here.logsOf()] }], rabbitmq: here.rabbitmqSource() },
    store: { clickhouse: { url, user, password: { file: here.place('store-password', password) } } },
    limits: { shutdown },
  })
  await up.start()
  await up.until(isAtRest, 'reading')
  const replay = here.replay({ seconds: 4, rotate: ['rename', 'date'] })
  await replay.reaches(0.4)
  clickhouse.freeze()
  const written = await replay.done
  await up.until(({ counts }) => counts.signals > counts.durable, 'holding signals that are not durable')
  return { scene: here, store: clickhouse, up, written }
}

describe('launchtrace up, asked to stop', () => {
  it('writes what is under way first, and reads nothing of it again', async () => {
    const { scene: here, store: clickhouse, up, written } = await holdBack('60s')
    await up.until(({ counts }) => counts.lines === written.lines, 'done with the logs')
    up.signal('SIGTERM')
    await up.until(({ state }) => state === 'draining', 'draining')
    await clickhouse.start()
    expect(await up.ended()).toBe(0)
    await up.start()
    await untilImported(up.url, await here.imported())
    const { counts } = await up.until(isAtRest, 'at rest')
    expect(counts.lines).toBe(0)
    expect(await up.stop()).toBe(0)
  }, 180_000)

  it('gives up when its time is over, says so, and loses nothing', async () => {
    const { scene: here, store: clickhouse, up } = await holdBack('2s')
    up.signal('SIGTERM')
    const code = await Promise.race([up.ended(), sleep(20_000, 'still there' as const)])
    expect(code).toBe(1)
    expect(up.said()).toContain('could not be written in time')
    await clickhouse.start()
    await up.start()
    await untilImported(up.url, await here.imported())
  }, 180_000)

  it('ends at once when it is asked a second time, and loses nothing', async () => {
    const { scene: here, store: clickhouse, up } = await holdBack('60s')
    up.signal('SIGTERM')
    await up.until(({ state }) => state === 'draining', 'draining')
    up.signal('SIGTERM')
    expect(await Promise.race([up.ended(), sleep(5000, 'still there' as const)])).toBe(1)
    await clickhouse.start()
    await up.start()
    await untilImported(up.url, await here.imported())
  }, 180_000)
})
