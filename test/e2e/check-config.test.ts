import { describe, expect, it } from 'vitest'
import { createConfigFolder } from '../support/config-file.ts'
import { runProgram } from '../support/program.ts'

describe('launchtrace check-config', () => {
  it('ends with 2 and points at the line of a mistake', async () => {
    using folder = createConfigFolder()
    const file = folder.write('agent.yaml', 'sources:\n  stdin: {}\n  rabitmq: []\n')
    const { code, out, err } = await runProgram('check-config', '--config', file)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe(
      `${file}:3:3: sources.rabitmq: The key "rabitmq" is unknown. Did you mean rabbitmq?\n` +
        '    3 |   rabitmq: []\n' +
        '      |   ^\n' +
        '1 mistake.\n',
    )
  })

  it('ends with 0 where there is none', async () => {
    using folder = createConfigFolder()
    const file = folder.write('up.yaml', 'sources: {stdin: {}}\n')
    const { code, err } = await runProgram('check-config', '--config', file, '--role', 'up')
    expect({ code, err }).toEqual({ code: 0, err: `${file} holds no mistake and is enough for up.\n` })
  })

  it('ends with 2 for a role that there is none', async () => {
    const { code, err } = await runProgram('check-config', '--role', 'server')
    expect({ code, err }).toEqual({ code: 2, err: 'launchtrace: --role is "server"; it takes up, agent, collector.\n' })
  })
})

describe('launchtrace print-schema', () => {
  it('prints what a YAML language server reads', async () => {
    const { code, out } = await runProgram('print-schema')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
  })
})
