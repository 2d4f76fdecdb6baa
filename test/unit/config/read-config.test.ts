import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../collector/config/read-config.ts'
import { createConfigFolder, readText } from '../../support/config-file.ts'

describe('a configuration', () => {
  it('has defaults for everything when there is no file', () => {
    const config = readConfig({ env: {} })
    expect(config).toEqual({
      host: hostname(),
      timezone: 'UTC',
      sources: { files: [], rabbitmq: [], kafka: [] },
      output: {},
      input: {},
      store: {},
      serve: { listen: { host: '127.0.0.1', port: 8080 }, allowedHosts: [] },
      launches: { lostAfterMs: 1_800_000 },
      export: {},
      telemetry: { log: { level: 'info', format: 'auto' } },
      limits: { lineBytes: 1_048_576, signalsInFlight: 20_000, memoryBytes: 2 ** 31, shutdownMs: 10_000 },
    })
  })

  it('has defaults for what an item of a list leaves out', () => {
    const { sources } = readText('sources: {rabbitmq: [{url: amqp://host}], kafka: [{brokers: ["k:9092"]}]}')
    expect(sources.rabbitmq[0]).toMatchObject({ name: 'default', queue: 'launchtrace', prefetch: 1000 })
    expect(sources.kafka[0]?.topics).toHaveLength(14)
    expect(sources.kafka[0]?.topics).toContain('versioned_notifications.info')
  })

  it('takes sections with nothing in them for what is there', () => {
    const { sources, output } = readText('sources:\n  stdin:\n  journald:\noutput:\nserve:\n')
    expect(sources).toMatchObject({ stdin: {}, journald: { units: [] } })
    expect(output).toEqual({})
  })

  it('keeps user and password apart from the URL', () => {
    const { sources, store } = readText(`
sources: {rabbitmq: [{url: 'amqps://bob:hunter2@host/cell'}, {name: b, url: amqp://h, user: eve, password: pw}]}
store: {clickhouse: {url: 'https://carol:s3cret@host:8443/traces'}}`)
    const [first, second] = sources.rabbitmq
    expect([first?.url, first?.user, first?.password?.reveal()]).toEqual(['amqps://host/cell', 'bob', 'hunter2'])
    expect([second?.url, second?.user, second?.password?.reveal()]).toEqual(['amqp://h', 'eve', 'pw'])
    const { password, ...server } = store.clickhouse ?? {}
    expect(server).toEqual({ url: 'https://host:8443', database: 'traces', user: 'carol' })
    expect(password?.reveal()).toBe('s3cret')
  })

  it('may use anchors', () => {
    const { input, output } = readText('output: {kafka: &k {brokers: ["k:9092"]}}\ninput: {kafka: *k}\n')
    expect(input.kafka?.brokers).toEqual(output.kafka?.brokers)
  })

  it('is frozen to its depth', () => {
    const config = readText('sources: {files: [{paths: [/a]}]}')
    for (const part of [config, config.sources, config.sources.files, config.sources.files[0]?.paths]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it('reads CRLF, a byte order mark and JSON', () => {
    expect(readText('\uFEFFtimezone: Europe/Rome\r\nhost: a\r\n').host).toBe('a')
    expect(readText('{"timezone": "Europe/Rome",\n\t"host": "a"}').host).toBe('a')
  })
})

describe('secrets', () => {
  it('are read from files, without the newline at the end', () => {
    using folder = createConfigFolder()
    const [lf, crlf, two] = ['a\n', 'b\r\n', 'c\n\n'].map((text, at) => folder.write(`s${String(at)}`, text))
    const headers = `{a: {file: ${String(lf)}}, b: {file: ${String(crlf)}}, c: {file: ${String(two)}}}`
    const config = readText(`export: {otlp: {url: https://host/v1/traces, headers: ${headers}}}`)
    const revealed = Object.values(config.export.otlp?.headers ?? {}).map(secret => secret.reveal())
    expect(revealed).toEqual(['a', 'b', 'c\n'])
  })

  it('are read from the environment', () => {
    const { serve } = readText('serve: {token: {env: TOKEN}}', { env: { TOKEN: '12345' } })
    expect(serve.token?.reveal()).toBe('12345')
  })

  it('of ClickHouse come from its own variable where nothing else is said', () => {
    const env = { LAUNCHTRACE_CLICKHOUSE_PASSWORD: 'from env' }
    const read = (server: string): string | undefined =>
      readText(`store: {clickhouse: ${server}}`, { env }).store.clickhouse?.password?.reveal()
    expect(read('{url: http://h}')).toBe('from env')
    expect(read('{url: http://h, user: u, password: own}')).toBe('own')
    expect(read('{url: "http://u:own@h"}')).toBe('own')
  })
})

describe('what goes before what', () => {
  const env = { LAUNCHTRACE__HOST: 'from-env', LAUNCHTRACE__TIMEZONE: 'Asia/Tokyo' }

  it('is: options, environment, file, defaults', () => {
    const overrides = [{ path: ['host'], value: 'from-option', origin: '--host' }]
    const config = readText('host: a\ntimezone: UTC\nstate: /s\n', { env, overrides })
    expect(config).toMatchObject({ host: 'from-option', timezone: 'Asia/Tokyo', state: '/s' })
  })

  it('replaces lists whole by an option', () => {
    const overrides = [{ path: ['sources', 'files'], value: [{ paths: ['/b'] }], origin: '--logs' }]
    const config = readText('sources: {files: [{paths: [/a]}, {paths: [/c]}]}', { overrides })
    expect(config.sources.files.map(({ paths }) => paths)).toEqual([['/b']])
  })
})
