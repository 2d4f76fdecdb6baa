import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { describeDifference, servedAnswers, untilImported } from '../support/answers.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { readCounts } from '../support/counts.ts'
import { isAtRest } from '../support/live-program.ts'
import type { LiveScene } from '../support/live-scene.ts'
import { setScene } from '../support/live-scene.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'
import type { SmallDisk } from '../support/small-disk.ts'
import { mountSmallDisk } from '../support/small-disk.ts'

/* The store and what sources remember lie on small file systems that a test fills to the last byte. */

let broker: Rabbitmq
let scene: LiveScene | undefined
let disks: readonly SmallDisk[] = []

beforeAll(async () => {
  broker = await startRabbitmq()
}, 120_000)
afterAll(() => broker.remove())
afterEach(async () => {
  await Promise.all(disks.map(disk => disk.remove()))
  await scene?.end()
  scene = undefined
  disks = []
})

describe('launchtrace up, whose disks are full for a while', () => {
  it('waits, and makes the launches of an import once there is room again, although it is killed then', async () => {
    const [recording] = EXAMPLES
    if (recording === undefined) throw new Error('There is no recording in examples/.')
    scene = await setScene(recording, broker)
    const [data, state] = await Promise.all([
      mountSmallDisk(join(scene.folder, 'data'), 96),
      mountSmallDisk(join(scene.folder, 'state'), 1),
    ])
    disks = [data, state]
    const up = await scene.program('up', 'up', {
      state: state.path,
      sources: { files: [{ paths: [scene.logsOf()] }], rabbitmq: scene.rabbitmqSource() },
      store: { data: data.path },
    })
    await up.start()
    await up.until(isAtRest, 'reading')
    const replay = scene.replay({ seconds: 20 })
    await replay.reaches(0.2)
    for (const disk of disks) disk.fill()
    await replay.reaches(0.5)
    const counts = readCounts(await up.metrics())
    expect(counts.sum('launchtrace_outlet_retries_total')).toBeGreaterThan(0)
    expect(counts.sum('launchtrace_outlet_dropped_total')).toBe(0)
    expect(up.said()).toContain('cannot be remembered on the disk')
    for (const disk of disks) disk.free()
    await replay.reaches(0.7)
    for (const disk of disks) disk.fill()
    await replay.reaches(0.8)
    await up.kill()
    for (const disk of disks) disk.free()
    await up.start()
    await replay.done
    const imported = await scene.imported()
    await untilImported(up.url, imported)
    await up.until(isAtRest, 'at rest')
    expect(await up.stop()).toBe(0)
    expect(describeDifference(await servedAnswers(data.path), imported)).toBe('')
  }, 240_000)
})
