import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { makeLaunch, makeSignal } from './store.ts'

/* A process that writes batch after batch into the directory it is given and says a line for each that was acknowledged,
   until somebody kills it. Batches are numbered from its second argument on. */

const [, , directory = '', first = '0'] = process.argv
const store = await openEmbeddedStore({ directory })
process.stdout.write('open\n')
for (let batch = Number(first); ; batch += 1) {
  const instance = `batch-${String(batch)}`
  await store.writeSignals(
    Array.from({ length: 200 }, (_, index) => makeSignal({ instances: [instance], text: String(index) })),
  )
  const launch = makeLaunch(instance)
  await store.replaceLaunches(
    { instances: [launch.instanceId ?? ''], requests: [launch.requestId], readAt: await store.now() },
    [launch],
  )
  process.stdout.write(`${String(batch)}\n`)
}
