import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/*
 * Every benchmark in small form, one after the other: `npm run bench`, about four minutes. Each can be run alone and bigger;
 * docs/benchmarks.md says how.
 */

const BENCHMARKS: readonly (readonly [script: string, ...size: string[]])[] = [
  ['extract.ts', '60'],
  ['reconstruct.ts', '10'],
  ['import.ts', '10'],
  ['store.ts', '10000'],
  ['tail.ts', '60', '1'],
  ['agent-load.ts', '10'],
  ['freshness.ts', '15'],
]

for (const [script, ...size] of BENCHMARKS) {
  console.log(`\n# ${script} ${size.join(' ')}\n`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, script), ...size], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
