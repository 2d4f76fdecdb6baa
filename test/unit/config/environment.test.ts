import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../collector/config/read-config.ts'
import { mistakesIn, problemsOf, readText } from '../../support/config-file.ts'

function complaintsAbout(env: Readonly<Record<string, string>>): readonly string[] {
  return problemsOf(() => readConfig({ env })).map(
    ({ where, path, message, advice }) => `${where} ${path}: ${message} ${advice}`,
  )
}

describe('a variable', () => {
  it('states a setting by its path', () => {
    const config = readConfig({
      env: {
        LAUNCHTRACE__STORE__CLICKHOUSE__URL: 'http://h/db',
        LAUNCHTRACE__LAUNCHES__LOST_AFTER: '5m',
        LAUNCHTRACE__LIMITS__LINE_BYTES: '2048',
        LAUNCHTRACE__SERVE__ALLOWED_HOSTS: '[a, b]',
      },
    })
    expect(config.store.clickhouse?.database).toBe('db')
    expect(config.launches.lostAfterMs).toBe(300_000)
    expect(config.limits.lineBytes).toBe(2048)
    expect(config.serve.allowedHosts).toEqual(['a', 'b'])
  })

  it('makes, replaces and adds items of lists', () => {
    const env = {
      LAUNCHTRACE__SOURCES__FILES__1__PATHS__1: '/d',
      LAUNCHTRACE__SOURCES__FILES__1__PATHS__0: '/c',
      LAUNCHTRACE__SOURCES__FILES__0__PATHS__0: '/b',
    }
    const { sources } = readText('sources: {files: [{paths: [/a, /z]}]}', { env })
    expect(sources.files.map(({ paths }) => paths)).toEqual([
      ['/b', '/z'],
      ['/c', '/d'],
    ])
  })

  it('counts ten items in their order', () => {
    const names = Array.from({ length: 12 }, (_, at) => [
      `LAUNCHTRACE__SERVE__ALLOWED_HOSTS__${String(at)}`,
      `h${String(at)}`,
    ])
    const { serve } = readConfig({ env: Object.fromEntries(names.reverse()) as Record<string, string> })
    expect(serve.allowedHosts).toEqual(Array.from({ length: 12 }, (_, at) => `h${String(at)}`))
  })

  it('gives text as it is, also when it looks like a number or like YAML', () => {
    const { serve, host } = readConfig({ env: { LAUNCHTRACE__SERVE__TOKEN: '0123', LAUNCHTRACE__HOST: '1e3' } })
    expect(serve.token?.reveal()).toBe('0123')
    expect(host).toBe('1e3')
    expect(readConfig({ env: { LAUNCHTRACE__SERVE__TOKEN: '{a: [' } }).serve.token?.reveal()).toBe('{a: [')
  })

  it('says where a secret lies', () => {
    const env = { LAUNCHTRACE__SERVE__TOKEN__ENV: 'T', T: 'hunter2' }
    expect(readConfig({ env }).serve.token?.reveal()).toBe('hunter2')
  })

  it('names headers in lower case with hyphens', () => {
    const env = {
      LAUNCHTRACE__EXPORT__OTLP__URL: 'https://h/v1/traces',
      LAUNCHTRACE__EXPORT__OTLP__HEADERS__X_API_KEY: 'k',
    }
    expect(Object.keys(readConfig({ env }).export.otlp?.headers ?? {})).toEqual(['x-api-key'])
  })

  it('with single underscores is none of ours', () => {
    expect(complaintsAbout({ LAUNCHTRACE_CLICKHOUSE_PASSWORD: 'x', LAUNCHTRACE_FOO: 'y', LAUNCHTRACE: 'z' })).toEqual(
      [],
    )
  })
})

describe('a mistake in a variable names it', () => {
  it.each([
    [
      { LAUNCHTRACE__SERV__LISTEN: 'x' },
      'LAUNCHTRACE__SERV__LISTEN : There is no such setting. It knows no "SERV". Did you mean serve?',
    ],
    [
      { LAUNCHTRACE__SERVE__LISTN: 'x' },
      'LAUNCHTRACE__SERVE__LISTN : There is no such setting. It knows no "LISTN" below serve. Did you mean listen?',
    ],
    [
      { LAUNCHTRACE__SOURCES__FILES__PATHS: 'x' },
      'LAUNCHTRACE__SOURCES__FILES__PATHS : There is no such setting. It knows no "PATHS" below sources.files. Items are numbered from 0.',
    ],
    [
      { LAUNCHTRACE__TIMEZONE: 'Rome' },
      'LAUNCHTRACE__TIMEZONE timezone: "Rome" is no time zone. It takes UTC, an offset such as +02:00, or a name such as Europe/Rome.',
    ],
    [
      { LAUNCHTRACE__LIMITS__LINE_BYTES: 'many' },
      'LAUNCHTRACE__LIMITS__LINE_BYTES limits.line_bytes: "many" is no whole number. It takes a whole number.',
    ],
    [
      { LAUNCHTRACE__SERVE__ALLOWED_HOSTS: '[a' },
      'LAUNCHTRACE__SERVE__ALLOWED_HOSTS serve.allowed_hosts: Its value is no YAML. Write it as in the file, lists as [a, b].',
    ],
    [
      { LAUNCHTRACE__SERVE__ALLOWED_HOSTS__1: 'a' },
      'LAUNCHTRACE__SERVE__ALLOWED_HOSTS__1 serve.allowed_hosts[1]: It names an item of a list, and there are 0 before it. Number items from 0 without a gap.',
    ],
  ])('%j', (env, complaint) => {
    expect(complaintsAbout(env)).toContain(complaint)
  })

  it('also where the file is right', () => {
    expect(mistakesIn('serve:\n  listen: 127.0.0.1:1\n', { env: { LAUNCHTRACE__SERVE__LISTEN: 'x' } })).toEqual([
      'LAUNCHTRACE__SERVE__LISTEN serve.listen: "x" is no address to listen on. It takes HOST:PORT, for example 127.0.0.1:8080, or 0.0.0.0:8080 for every interface.',
    ])
  })

  it('or what is missing beside it', () => {
    const [complaint] = complaintsAbout({ LAUNCHTRACE__OUTPUT__KAFKA__TOPIC: 't' })
    expect(complaint).toMatch(/^LAUNCHTRACE__OUTPUT__KAFKA__TOPIC output\.kafka\.brokers: It is missing\. Add brokers/)
  })

  it('and an option is named likewise', () => {
    const overrides = [{ path: ['sources', 'rabbitmq'], value: [{ url: 'http://h' }], origin: '--rabbit' }]
    const [problem] = problemsOf(() => readConfig({ env: {}, overrides }))
    expect(problem).toMatchObject({ where: '--rabbit', path: 'sources.rabbitmq[0].url' })
  })
})
