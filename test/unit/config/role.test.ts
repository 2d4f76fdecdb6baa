import { describe, expect, it } from 'vitest'
import type { Role } from '../../../collector/config/role.ts'
import { mistakesIn } from '../../support/config-file.ts'

const SOURCE = 'sources: {stdin: {}}\n'
const HTTP = 'output: {http: {url: https://h}}\n'
const INPUT = 'input: {http: {}}\n'

describe('each program has its needs:', () => {
  it.each<[Role, string]>([
    ['up', SOURCE],
    ['up', INPUT],
    ['up', `${SOURCE}store: {clickhouse: {url: http://h}}\n`],
    ['agent', SOURCE + HTTP],
    ['agent', 'sources: {files: [{paths: [/a]}]}\noutput: {kafka: {brokers: ["k:1"]}}\n'],
    ['collector', INPUT],
    ['collector', `input: {kafka: {brokers: ["k:1"]}}\n${SOURCE}`],
  ])('%s is content with %j', (role, text) => {
    expect(mistakesIn(text, { role })).toEqual([])
  })

  it.each<[Role, string, string]>([
    ['up', 'host: a\n', 'There is nothing to read: no sources and no input.'],
    ['up', SOURCE + HTTP, '2:1 output: output is given, and up sends nothing on: it stores.'],
    ['agent', HTTP, 'There is nothing to read: an agent needs a source.'],
    ['agent', SOURCE, 'There is neither output.kafka nor output.http, and an agent needs one.'],
    [
      'agent',
      `${SOURCE}output:\n  kafka: {brokers: ["k:1"]}\n  http: {url: https://h}\n`,
      '4:3 output.http: output.kafka and output.http are both given, and an agent has exactly one.',
    ],
    ['agent', SOURCE + HTTP + INPUT, '3:1 input: input is given, and an agent has none.'],
    [
      'agent',
      `${SOURCE + HTTP}store: {data: /d}\n`,
      '3:9 store.data: store.data is given, and an agent stores nothing.',
    ],
    [
      'agent',
      `${SOURCE + HTTP}export: {otlp: {url: https://h}}\n`,
      '3:10 export.otlp: export.otlp is given, and an agent makes no launches.',
    ],
    ['collector', SOURCE, 'There is neither input.kafka nor input.http, and a collector needs one.'],
    ['collector', INPUT + HTTP, '2:1 output: output is given, and collector sends nothing on: it stores.'],
  ])('%s complains of %j', (role, text, complaint) => {
    expect(mistakesIn(text, { role }).join('\n')).toContain(complaint)
  })
})
