import { describe, expect, it } from 'vitest'
import type { CheckConfigOptions } from '../../../collector/commands/check-config.ts'
import { runCheckConfig } from '../../../collector/commands/check-config.ts'
import { runPrintSchema } from '../../../collector/commands/print-schema.ts'
import type { CommandContext, ExitCode } from '../../../collector/commands/context.ts'
import { createConfigFolder, readText } from '../../support/config-file.ts'

interface Said {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

async function say(run: (context: CommandContext) => Promise<ExitCode>): Promise<Said> {
  const said = { out: '', err: '' }
  const terminal = {
    width: 120,
    height: 40,
    isTerminal: false,
    colour: false,
    out: (text: string) => {
      said.out += text
      return Promise.resolve()
    },
    err: (text: string) => {
      said.err += text
    },
    progress: () => undefined,
  }
  const code = await run({ terminal, stop: new AbortController().signal })
  return { code, ...said }
}

async function check(text: string, options: CheckConfigOptions = {}): Promise<Said> {
  using folder = createConfigFolder()
  const config = folder.write('c.yaml', text)
  const said = await say(context => runCheckConfig({ config, ...options }, context))
  return { ...said, err: said.err.replaceAll(config, 'c.yaml') }
}

const WITH_SECRETS = `
sources:
  stdin: {}
  rabbitmq: [{url: 'amqps://bob:hunter2@host/cell', tls: {}}]
  kafka:
    - brokers: ['k:9092']
      sasl: {mechanism: plain, username: bob, password: hunter2}
serve: {listen: '0.0.0.0:80', token: hunter2}
store: {clickhouse: {url: 'http://bob:hunter2@host'}}
export: {otlp: {url: 'https://host/v1/traces', headers: {Authorization: hunter2}}}
`

describe('check-config', () => {
  it('says in one line that all is well', async () => {
    expect(await check('sources: {stdin: {}}', { role: 'up' })).toEqual({
      code: 0,
      out: '',
      err: 'c.yaml holds no mistake and is enough for up.\n',
    })
  })

  it('shows the line and a caret below the mistake', async () => {
    expect(await check('sources:\n  files:\n    - path: [/a]\n')).toEqual({
      code: 2,
      out: '',
      err: [
        'c.yaml:3:7: sources.files[0].paths: It is missing. Add paths: Glob patterns of log files, for example `/var/log/nova/*.log`.',
        '    3 |     - path: […]',
        '      |       ^',
        'c.yaml:3:7: sources.files[0].path: The key "path" is unknown. Did you mean paths?',
        '    3 |     - path: […]',
        '      |       ^',
        '2 mistakes.',
        '',
      ].join('\n'),
    })
  })

  it('shows a window of a long line', async () => {
    const { err } = await check(`serve: {allowed_hosts: [${'a, '.repeat(100)}5, ${'d, '.repeat(100)}]}`)
    const [, line = '', caret = ''] = err.split('\n')
    expect(line.slice(caret.indexOf('^')).startsWith('5, d')).toBe(true)
    expect(line.length).toBeLessThan(120)
  })

  it('complains of what a program lacks', async () => {
    const { code, err } = await check('host: a', { role: 'collector' })
    expect(code).toBe(2)
    expect(err).toContain('a collector needs one')
  })

  it('complains of a role that there is none', async () => {
    await expect(check('host: a', { role: 'server' })).rejects.toThrow('it takes up, agent, collector')
  })

  it('shows the configuration with its defaults, ready to be a file again', async () => {
    const { out } = await check('sources: {stdin: {}}\nhost: a', { show: true })
    expect(readText(out)).toEqual(readText('sources: {stdin: {}}\nhost: a'))
  })

  it('shows no secret', async () => {
    const { code, out, err } = await check(WITH_SECRETS, { show: true })
    expect(code).toBe(0)
    expect(out).toContain('url: amqps://…@host/cell')
    expect(out).toContain('password: "[redacted]"')
    expect(out).toContain('Authorization: "[redacted]"')
    expect(out + err).not.toContain('hunter2')
  })

  it('shows where a secret lies', async () => {
    using folder = createConfigFolder()
    const file = folder.write('token', 'hunter2')
    const { out } = await check(`serve: {token: {file: ${file}}}`, { show: true })
    expect(out).toContain(`file: ${file}`)
    expect(out).not.toContain('hunter2')
  })
})

describe('an excerpt', () => {
  it.each([
    ['a value that is right and secret', 'serve: {listen: x, token: hunter2}'],
    ['a key with a typing error', 'serve: {tokn: hunter2}'],
    ['a key with a typing error, in a block', 'serve:\n  pass word: hunter2\n'],
    ['a number', 'serve: {token: 1234567}'],
    ['a block of text', 'serve:\n  token: |\n   hunter2\n  listen: x\n'],
    ['a login in a URL', 'output: {http: {url: "http://u:hunter2@h"}}'],
    ['a login in what is no URL', 'output: {http: {url: "u:hunter2@h"}}'],
    ['headers', 'export: {otlp: {url: https://h, headers: {url: hunter2}, settle: x}}'],
    ['headers in a block', 'export:\n  otlp:\n    headers:\n      url: hunter2\n      "a b": hunter2\n'],
    ['a comment', 'serve: {listen: x} # hunter2'],
    ['an open quote', 'serve: {token: "hunter2'],
    ['a tag', 'serve: {token: !hunter2 }'],
    ['an alias', 'serve: {token: *hunter2 }'],
    ['a second colon', 'serve:\n  token: hunter2: a\n'],
    ['a comma', 'serve: {token: a,hunter2}'],
    ['braces', 'serve: {token: {hunter2}}'],
    ['braces with a key', 'serve: {token: {hunter2: a}}'],
    ['a missing colon', 'sources:\n  rabbitmq:\n    - url: amqp://h\n      password hunter2\n'],
    ['a missing space', 'sources:\n  rabbitmq:\n    - user: h\n      password:hunter2\n'],
    ['a broken file', 'sources:\n  rabbitmq:\n    - user: bob\n       password: hunter2\n'],
    ['a broken file with a flow', 'export: {otlp: {headers: {\nurl: hunter2\n'],
    ['an unreadable file of a secret', 'serve: {token: {file: /none/hunter3, x: hunter2}}'],
  ])('leaves out %s', async (_what, text) => {
    const { code, err, out } = await check(text)
    expect(code, out).toBe(2)
    expect(err).not.toMatch(/hunter2|1234567/)
  })

  it('leaves in what is no secret', async () => {
    const { err } = await check("sources:\n  files:\n    - paths: ['/a', *.log]\n      host: b\n")
    expect(err).toContain("    3 |     - paths: ['/a', *.log]\n      |                     ^")
  })
})

describe('print-schema', () => {
  it('prints JSON', async () => {
    const { code, out } = await say(runPrintSchema)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ type: 'object', additionalProperties: false })
  })
})
