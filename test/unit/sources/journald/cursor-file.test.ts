import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCursorFile } from '../../../../src/sources/journald/cursor-file.ts'

describe('the remembered place in a journal', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'launchtrace-cursor-'))
  })
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true })
  })

  it('outlives the process, in a directory that is made when it is needed', async () => {
    const below = join(directory, 'state')
    await createCursorFile(below, 'this one').save('s=1;i=2')
    await createCursorFile(below, 'this one').save('s=1;i=3')
    expect(await createCursorFile(below, 'this one').load()).toBe('s=1;i=3')
  })

  it('is of one journal only', async () => {
    await createCursorFile(directory, 'this one').save('s=1;i=2')
    expect(await createCursorFile(directory, 'another').load()).toBeUndefined()
  })

  it.each([
    '',
    '{',
    '[]',
    '{"journal":"this one"}',
    '{"journal":"this one","cursor":"a\\nb"}',
    '{"journal":"this one","cursor":1}',
  ])('is none when the file holds %j', async text => {
    writeFileSync(join(directory, 'journald.json'), text)
    expect(await createCursorFile(directory, 'this one').load()).toBeUndefined()
  })

  it('is not harmed by a save that a crash cut off', async () => {
    await createCursorFile(directory, 'this one').save('s=1;i=2')
    writeFileSync(join(directory, 'journald.json.new'), '{"jour')
    expect(await createCursorFile(directory, 'this one').load()).toBe('s=1;i=2')
    await createCursorFile(directory, 'this one').save('s=1;i=3')
    expect(await createCursorFile(directory, 'this one').load()).toBe('s=1;i=3')
  })
})
