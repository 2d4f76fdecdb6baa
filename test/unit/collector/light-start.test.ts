import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const COMMAND_LINE = join(import.meta.dirname, '..', '..', '..', 'collector', 'command-line.ts')
/** What the dynamic linker has loaded once all modules of the program are there. */
const LOOK = `await import(process.argv[1]); process.report.excludeNetwork = true; console.log(process.report.getReport().sharedObjects.join('\\n'))`

describe('the program', () => {
  it('does not load the engine of the embedded store before a store is opened, for agents never open one', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      LOOK,
      COMMAND_LINE,
    ])
    expect(stdout).toContain('libc.so')
    expect(stdout).not.toContain('chdb')
  }, 60_000)
})
