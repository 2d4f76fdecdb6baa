import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../collector/config/config-error.ts'
import { readConfig } from '../../../collector/config/read-config.ts'
import { createConfigFolder, mistakesIn, problemsOf, readText } from '../../support/config-file.ts'

describe('a file that is no configuration is refused:', () => {
  it.each([
    ['an empty one', '', 'file : The file holds no settings.'],
    ['one of comments only', '# timezone: UTC\n', 'file : The file holds no settings.'],
    ['a text', 'hello world', 'file : The file is no YAML mapping.'],
    ['a list', '- a\n- b\n', 'file : The file is no YAML mapping.'],
    ['a huge one', `# ${'x'.repeat(300_000)}`, 'file : The file is longer than 262144 bytes.'],
    ['a binary one', new Uint8Array([0x7f, 0x45, 0, 1]), 'file : The file is no text but binary.'],
    ['one in Latin-1', new Uint8Array([0x61, 0x3a, 0xe9]), 'file : The file is no UTF-8 text.'],
    ['several documents', 'host: a\n---\nhost: b\n', '2:1 : There is more than one document.'],
    ['a tab', 'serve:\n\tlisten: 127.0.0.1:1\n', '2:1 : A tab indents the line, and YAML takes spaces only.'],
    ['an open quote', 'host: "a\ntimezone: UTC\n', ' : A character is missing: a closing quote'],
    ['an open bracket', 'sources:\n  files: [\n', ' : The indentation does not fit.'],
    ['a second colon', 'host: a: b\n', '1:7 : There is a second ": " on one line.'],
    ['a pattern without quotes', 'sources:\n  files:\n    - paths: [*.log]\n', '3:15 : "*" begins a reference'],
    ['a tag', 'host: !foo bar\n', '1:7 : A value has a tag that is not known here.'],
    ['a key that is there twice', 'host: a\nserve: {}\nhost: b\n', '3:1 host: The key "host" is there twice.'],
    ['a word among keys', 'serve: {listen}\n', '1:9 serve: There is something that is no key with a value.'],
    ['a mapping as a key', '? {a: b}\n: c\n', '1:1 : There is something that is no key with a value.'],
  ])('%s', (_what, text, complaint) => {
    const mistakes = mistakesIn(text)
    expect(
      mistakes.some(mistake => mistake.includes(complaint)),
      mistakes.join('\n'),
    ).toBe(true)
  })

  it('one that is not there, or is a directory', () => {
    using folder = createConfigFolder()
    const read = (file: string) => (): unknown => readConfig({ file, env: {} })
    expect(problemsOf(read(`${folder.path}/none`))[0]?.message).toBe('The file is not there.')
    expect(problemsOf(read(folder.path))[0]?.message).toBe('The file is a directory.')
    expect(problemsOf(read('/dev/zero'))[0]?.message).toBe('The file is longer than 262144 bytes.')
  })

  it('one whose aliases multiply', () => {
    const level = (name: string, below: string): string => `${name}: &${name} [${`${below}, `.repeat(10)}]\n`
    const bomb = ['b', 'c', 'd', 'e', 'f'].reduce(
      (text, name) => text + level(name, `*${String.fromCharCode(name.charCodeAt(0) - 1)}`),
      'a: &a [x, x, x, x, x, x, x, x, x, x]\n',
    )
    expect(mistakesIn(bomb).join()).toContain('It holds more than 20000 values or 32 levels.')
  })

  it('one that holds itself', () => {
    expect(mistakesIn('sources: &a\n  files: *a\n').join()).toContain('20000 values or 32 levels')
  })

  it.each([
    ['brackets', '['.repeat(10_000)],
    ['dashes', '- '.repeat(10_000)],
    ['braces', '{a: '.repeat(10_000)],
    ['questions', '? '.repeat(10_000)],
  ])('one of 10,000 nested %s', (_what, text) => {
    expect(mistakesIn(text).length).toBeGreaterThan(0)
  })

  it.each([10_000, 30_000])('one of %d keys that nobody knows', keys => {
    const text = Array.from({ length: keys }, (_, at) => `k${String(at)}:`).join('\n')
    expect(mistakesIn(text).length).toBeGreaterThan(0)
  })
})

describe('a mistake is named with its line and column:', () => {
  it.each([
    ['an unknown key', 'timezne: UTC', '1:1 timezne: The key "timezne" is unknown. Did you mean timezone?'],
    [
      'a key of another place',
      'kafka: {}',
      '1:1 kafka: The key "kafka" is unknown. It belongs elsewhere: sources.kafka, output.kafka, input.kafka.',
    ],
    [
      'a key that nobody knows',
      'launches:\n  color: red',
      '2:3 launches.color: The key "color" is unknown. Known here: lost_after.',
    ],
    [
      'a key with a hyphen',
      'launches:\n  lost-after: 5m',
      '2:3 launches.lost-after: The key "lost-after" is unknown. Did you mean lost_after?',
    ],
    [
      'a missing key',
      'sources:\n  files:\n    - host: a\n',
      '3:7 sources.files[0].paths: It is missing. Add paths: Glob patterns of log files, for example `/var/log/nova/*.log`.',
    ],
    ['an empty value', 'timezone:\n', '1:1 timezone: It has no value. Give it one, or remove the key.'],
    ['an empty text', 'state: ""\n', '1:1 state: It is empty. It takes at least 1 characters.'],
    [
      'an empty list',
      'sources:\n  files:\n    - paths: []\n',
      '3:7 sources.files[0].paths: It is empty. It takes at least 1 items.',
    ],
    [
      'a value instead of a list',
      'sources:\n  files:\n    - paths: /a\n',
      '3:7 sources.files[0].paths: "/a" is no list. It takes a list: [a, b], or a line "- a" for each item.',
    ],
    [
      'a list instead of a mapping',
      'serve: [1]',
      '1:1 serve: a list is no mapping. It takes a mapping: lines `key: value` below it, with more indentation.',
    ],
    [
      'a duration without a unit',
      'launches:\n  lost_after: 30',
      '2:3 launches.lost_after: 30 is no duration. It takes a number with its unit, for example 30s.',
    ],
    [
      'a duration that is too long',
      'limits: {shutdown: 2d}',
      '1:10 limits.shutdown: "2d" is out of range. It takes a number with its unit (ms, s, m, h or d) from 0s to 10m.',
    ],
    [
      'a number out of range',
      'limits: {line_bytes: 5}',
      '1:10 limits.line_bytes: 5 is out of range. It takes at least 1024.',
    ],
    ['a fraction', 'limits: {line_bytes: 5000.5}', '1:10 limits.line_bytes: 5000.5 is no whole number.'],
    [
      'an unknown word',
      'telemetry: {log: {level: wran}}',
      '1:19 telemetry.log.level: "wran" is not accepted. Did you mean warn? It takes debug, info, warn, error.',
    ],
    [
      'yes for true',
      'sources: {rabbitmq: [{url: amqps://h, tls: {verify: yes}}]}',
      '1:45 sources.rabbitmq[0].tls.verify: "yes" is no truth value. It takes true or false.',
    ],
    ['a time zone', 'timezone: Rome', '1:1 timezone: "Rome" is no time zone.'],
    ['an address', 'serve: {listen: 8080}', '1:9 serve.listen: 8080 is no address. It takes HOST:PORT'],
    [
      'a broker without a port',
      'output: {kafka: {brokers: [k]}}',
      '1:28 output.kafka.brokers[0]: "k" is no address of a broker.',
    ],
    [
      'a scheme',
      'sources: {rabbitmq: [{url: http://h}]}',
      '1:23 sources.rabbitmq[0].url: "http://h" has a scheme other than amqp and amqps.',
    ],
    ['a URL', 'output: {http: {url: host}}', '1:17 output.http.url: "host" is no URL. It takes a URL such as https://'],
    [
      'a login where it does not belong',
      'output: {http: {url: "https://u:hunter2@h"}}',
      '1:17 output.http.url: "https://…@h" holds a login, which belongs in token.',
    ],
    [
      'a database',
      'store: {clickhouse: {url: "http://h/a-b"}}',
      '1:22 store.clickhouse.url: "http://h/a-b" names no database.',
    ],
    [
      'a topic',
      'output: {kafka: {brokers: ["k:1"], topic: "a b"}}',
      '1:36 output.kafka.topic: "a …" is no name of a topic.',
    ],
    [
      'a header',
      'export: {otlp: {url: https://h, headers: {"a b": c}}}',
      '1:43 export.otlp.headers."a …": A header has a name that HTTP does not allow.',
    ],
    [
      'a secret that is a number',
      'serve: {token: 123}',
      '1:9 serve.token: This is no secret. It takes text (in quotes',
    ],
    ['a secret that is missing in a mapping', 'serve: {token: {path: x}}', '1:9 serve.token: This is no secret.'],
  ])('%s', (_what, text, complaint) => {
    const mistakes = mistakesIn(text)
    expect(
      mistakes.some(mistake => mistake.startsWith(complaint)),
      mistakes.join('\n'),
    ).toBe(true)
  })

  it('all of them at once, in the order of the file', () => {
    const text = 'timezone: Rome\nserve:\n  listen: x\n  foo: 1\nlimits: {shutdown: 1}\n'
    expect(mistakesIn(text).map(mistake => mistake.split(':', 2).join(':').split(' ')[0])).toEqual([
      '1:1',
      '3:3',
      '4:3',
      '5:10',
    ])
  })
})

describe('settings that contradict each other are both named:', () => {
  it.each([
    [
      'a listener that others can reach, without a token',
      'serve: {listen: "0.0.0.0:80"}',
      '1:9 serve.listen: listen is 0.0.0.0, which others can reach, and token is missing.',
    ],
    ['also of input.http', 'input: {http: {listen: "[::]:80"}}', '1:16 input.http.listen: listen is ::, which'],
    [
      'also of sources.otlp',
      'sources: {otlp: {listen: "h.example:80"}}',
      '1:18 sources.otlp.listen: listen is h.example',
    ],
    [
      'a certificate without its key',
      'sources: {rabbitmq: [{url: amqps://h, tls: {cert: /c}}]}',
      '1:45 sources.rabbitmq[0].tls.cert: cert is given and key is missing.',
    ],
    [
      'TLS for what is not encrypted',
      'output: {http: {url: http://h, tls: {}}}',
      '1:32 output.http.tls: tls is given, and url is http://, which is not encrypted.',
    ],
    [
      'two passwords',
      'sources: {rabbitmq: [{url: "amqp://u:a@h", password: b}]}',
      '1:44 sources.rabbitmq[0].password: url holds a password, and password is given too.',
    ],
    [
      'a password of nobody',
      'sources: {rabbitmq: [{url: "amqp://h", password: b}]}',
      '1:40 sources.rabbitmq[0].password: password is given, and neither url nor user says whose it is.',
    ],
    [
      'two stores',
      'store: {data: /d, clickhouse: {url: http://h}}',
      '1:9 store.data: data and clickhouse are both given, and there is one store.',
    ],
    [
      'two sources of one name',
      'sources: {rabbitmq: [{url: amqp://h}, {url: amqp://g}]}',
      '1:39 sources.rabbitmq[1].name: rabbitmq[0] and rabbitmq[1] have the same name "default".',
    ],
  ])('%s', (_what, text, complaint) => {
    const mistakes = mistakesIn(text)
    expect(
      mistakes.some(mistake => mistake.startsWith(complaint)),
      mistakes.join('\n'),
    ).toBe(true)
  })
})

describe('a secret that cannot be read is named by its place in the configuration:', () => {
  it('a missing file', () => {
    expect(mistakesIn('serve:\n  token: {file: /none}\n')).toEqual([
      '2:11 serve.token.file: The file "/none" that holds the secret is not there. Write the secret into it, and let this user read it.',
    ])
  })

  it('an empty file', () => {
    using folder = createConfigFolder()
    expect(mistakesIn(`serve: {token: {file: ${folder.write('s', '\n')}}}`).join()).toContain('is empty')
  })

  it('a missing and an empty variable', () => {
    expect(mistakesIn('serve: {token: {env: T}}').join()).toContain('"T" that holds the secret is not set')
    expect(mistakesIn('serve: {token: {env: T}}', { env: { T: '' } }).join()).toContain(
      '"T" that holds the secret is empty',
    )
  })
})

describe('the error', () => {
  it('has a code and tells all in its message', () => {
    const read = (): unknown => readText('timezone: Rome\nhost: ""\n')
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(
      /^The configuration cannot be used\.\n {2}.*c\.yaml:1:1: timezone: "Rome" is no time zone\..*\n {2}.*:2:1: host:/,
    )
    expect(read).toThrow(expect.objectContaining({ code: 'LAUNCHTRACE_CONFIG', retryable: false }))
  })

  it('says how many more there are, and holds them all', () => {
    const text = Array.from({ length: 50 }, (_, at) => `k${String(at)}: 1\n`).join('')
    expect(() => readText(text)).toThrow(/\n {2}and 30 more\.$/)
    expect(problemsOf(() => readText(text))).toHaveLength(50)
  })
})
