import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { describeDifference, servedAnswers, untilImported } from '../support/answers.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { isAtRest } from '../support/live-program.ts'
import type { LiveScene } from '../support/live-scene.ts'
import { setScene } from '../support/live-scene.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'

/* One process, a real RabbitMQ, and a recording of a real cloud that happens again before it. */

let broker: Rabbitmq
let scene: LiveScene | undefined

beforeAll(async () => {
  broker = await startRabbitmq()
}, 120_000)
afterAll(() => broker.remove())
afterEach(async () => {
  await scene?.end()
  scene = undefined
})

describe.each(EXAMPLES)('launchtrace up, while $name happens again', recording => {
  it('shows launches in progress, and in the end those of an import, byte for byte', async () => {
    scene = await setScene(recording, broker)
    const data = `${scene.folder}/data`
    const up = await scene.program('up', 'up', {
      sources: { files: [{ paths: [scene.logsOf()] }], rabbitmq: scene.rabbitmqSource() },
      store: { data },
    })
    await up.start()
    await up.until(isAtRest, 'reading')
    const replay = scene.replay({ seconds: 10 })
    const open = await seeOpenLaunches(up.url, replay.done)
    expect(open.some(({ open_phase: phase }) => phase !== null && phase !== undefined)).toBe(true)
    const written = await replay.done
    const imported = await scene.imported()
    await untilImported(up.url, imported)
    const { counts } = await up.until(isAtRest, 'at rest')
    // What a copy holds that was not durable yet when its original was truncated is read once more.
    expect(counts.lines).toBeGreaterThanOrEqual(written.lines)
    expect(counts.messages).toBe(written.notifications)
    expect(await up.stop()).toBe(0)
    expect(describeDifference(await servedAnswers(data), imported)).toBe('')
  })
})

interface Listed {
  readonly outcome: string
  readonly open_phase?: unknown
}

/** Launches in progress that were seen until `done`. */
async function seeOpenLaunches(url: string, done: Promise<unknown>): Promise<readonly Listed[]> {
  const seen: Listed[] = []
  const look = async (): Promise<void> => {
    const response = await fetch(`${url}/api/launches`)
    const listed = (await response.json()) as readonly Listed[]
    seen.push(...listed.filter(({ outcome }) => outcome === 'in_progress'))
  }
  while ((await Promise.race([done.then(() => 'done'), sleep(200, 'more')])) === 'more') await look()
  return seen
}
