import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { describeDifference, servedAnswers, untilImported } from '../support/answers.ts'
import { CORPUS, EXAMPLES } from '../support/corpus.ts'
import type { LiveProgram } from '../support/live-program.ts'
import { isAtRest } from '../support/live-program.ts'
import type { LiveScene } from '../support/live-scene.ts'
import { setScene } from '../support/live-scene.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'
import { createRandom } from '../support/random.ts'
import { findSetting } from '../support/server-process.ts'

/* LAUNCHTRACE_TEST_KILLS says how many in all, LAUNCHTRACE_TEST_SEED makes them fall as they did before. */

const KILLS = Number(findSetting('LAUNCHTRACE_TEST_KILLS') ?? 20)
const SEED = Number(findSetting('LAUNCHTRACE_TEST_SEED') ?? Date.now() % 1_000_000)
/** More kills than these take another round, on a new store, with the next recording. */
const KILLS_A_ROUND = 20
/** A recording happens again in such a time that kills fall into all of it. */
const SECONDS_A_KILL = 2

/** With hundreds of thousands of lines, too long to happen again within the time of a test. */
const TOO_LONG = /deep|debug|load/

/** The bundled one first; those that lie beside the checkout have their turn when there are more kills. */
const recordings = [
  ...EXAMPLES.slice(0, 1),
  ...CORPUS.filter(({ name, notifications }) => notifications !== undefined && !TOO_LONG.test(name)),
]
const rounds = Array.from({ length: Math.ceil(KILLS / KILLS_A_ROUND) }, (_, round) => ({
  round: round + 1,
  kills: Math.min(KILLS_A_ROUND, KILLS - round * KILLS_A_ROUND),
  seed: SEED + round,
}))

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

/** Half of the kills fall while it starts, half while it works. */
async function killAtRandom(up: LiveProgram, random: () => number): Promise<void> {
  up.begin()
  if (random() < 0.5) await up.until(() => true, 'answering')
  await sleep(random() * 1500)
  await up.kill()
}

describe('launchtrace up, killed again and again', () => {
  it.each(rounds)(
    'loses nothing and doubles nothing: round $round, $kills kills, seed $seed',
    async ({ round, kills, seed }) => {
      const recording = recordings[(round - 1) % recordings.length]
      if (recording === undefined) throw new Error('There is no recording in examples/.')
      process.stderr.write(`Kills ${kills} times, LAUNCHTRACE_TEST_SEED=${seed}, ${recording.name}.\n`)
      scene = await setScene(recording, broker)
      const data = `${scene.folder}/data`
      const up = await scene.program('up', 'up', {
        sources: { files: [{ paths: [scene.logsOf()] }], rabbitmq: scene.rabbitmqSource() },
        store: { data },
      })
      // What is published before there is a queue is nobody's.
      await up.start()
      await up.until(isAtRest, 'reading')
      const replay = scene.replay({ seconds: kills * SECONDS_A_KILL })
      const random = createRandom(seed)
      // Every log that is rotated has been seen by then: of one that came and went unseen nobody knows.
      await replay.reaches(0.12)
      await up.until(isAtRest, 'reading all logs')
      await up.kill()
      for (let kill = 1; kill < kills; kill += 1) await killAtRandom(up, random)
      await up.start()
      await replay.done
      const imported = await scene.imported()
      await untilImported(up.url, imported)
      await up.until(isAtRest, 'at rest')
      expect(await up.stop()).toBe(0)
      expect(describeDifference(await servedAnswers(data), imported)).toBe('')
    },
    300_000,
  )
})
