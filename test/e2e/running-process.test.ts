import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXAMPLES } from '../support/corpus.ts'
import type { Running } from '../support/program.ts'
import { runProgram, startProgram } from '../support/program.ts'

const QUESTIONS = [
  ['launches', '--json'],
  ['launches', '--json', '--outcome', 'error', '--limit', '3'],
  ['launches', '--slowest', '5'],
  ['report', '--json'],
  ['report'],
] as const

describe('a data directory that a running process serves', () => {
  let data: string
  let server: Running
  let url: string
  let instance: string
  const alone = new Map<readonly string[], string>()

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'launchtrace-running-'))
    await runProgram('import', ...EXAMPLES.map(({ logs }) => logs), '--data', data)
    for (const words of QUESTIONS) alone.set(words, (await runProgram(...words, '--data', data)).out)
    instance = /"instance_id":"([0-9a-f-]+)"/.exec(alone.get(QUESTIONS[0]) ?? '')?.[1] ?? ''
    server = startProgram('serve', '--data', data, '--port', '0')
    url = (await server.says(/Serving (http:\/\/127\.0\.0\.1:\d+)\//))[1] ?? ''
  }, 60_000)

  afterAll(async () => {
    await server.interrupt()
    await rm(data, { recursive: true, force: true })
  })

  it.each(QUESTIONS.map(words => [words.join(' '), words] as const))(
    'answers %s as the store itself does',
    async (_, words) => {
      for (const where of [
        ['--data', data],
        ['--url', url],
      ]) {
        const { code, out } = await runProgram(...words, ...where)
        expect(code).toBe(0)
        expect(out).toBe(alone.get(words))
      }
    },
  )

  it('shows one launch with all its spans', async () => {
    const { code, out } = await runProgram('show', instance, '--data', data)
    expect(code).toBe(0)
    expect(out).toContain('POST /servers')
    expect(out).toContain(instance)
  })

  it('says that it is in use to commands that would write', async () => {
    const { code, err } = await runProgram('rebuild', '--data', data)
    expect(code).toBe(1)
    expect(err).toContain(`The data directory ${data} is in use by process`)
  })
})
