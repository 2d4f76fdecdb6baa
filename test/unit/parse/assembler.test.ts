import { describe, expect, it } from 'vitest'
import { assemble } from './assembled.ts'

const CONTEXT =
  '[None req-fd05a251-dbfd-46f5-b045-1bde6571aa82 36e962bd91574da8976d1078e07eb90d ff41239bd2bb43fe9e26f4660da50e9f - - default default]'
const INSTANCE = '[instance: 1006d087-e6ea-4db4-a494-e81349fcea98]'
const START = '2026-11-20 05:18:38.186 457 ERROR nova.compute.manager'
const HEAD = `${START} ${CONTEXT} ${INSTANCE} Instance failed to spawn: nova.exception.PortLimitExceeded: Maximum number of ports exceeded`
const TRACEBACK = [
  `${START} ${INSTANCE} Traceback (most recent call last):`,
  `${START} ${INSTANCE}   File "/usr/lib/python3/dist-packages/nova/network/neutron.py", line 521, in _create_port_minimal`,
  `${START} ${INSTANCE} `,
]
const UWSGI =
  '[pid: 11050|app: 0|req: 2/5] 10.20.0.11 () {36 vars in 670 bytes} [Fri Nov 20 05:18:38 2026] GET / => generated 372 bytes in 641 msecs (HTTP/1.1 200) 8 headers in 409 bytes (1 switches on core 0)'

function line(pid: number, message: string, level = 'INFO'): string {
  return `2026-11-20 05:18:39.001 ${pid} ${level} nova.compute.manager ${CONTEXT} ${message}`
}

describe('createLogAssembler', () => {
  it('attaches a traceback to its head and keeps its indentation', () => {
    const { records, counts } = assemble([HEAD, ...TRACEBACK])
    expect(records.map(record => record.message.split('\n'))).toEqual([
      [
        'Instance failed to spawn: nova.exception.PortLimitExceeded: Maximum number of ports exceeded',
        'Traceback (most recent call last):',
        '  File "/usr/lib/python3/dist-packages/nova/network/neutron.py", line 521, in _create_port_minimal',
        '',
      ],
    ])
    expect(counts).toMatchObject({ lines: 4, heads: 1, continuations: 3 })
  })

  it("keeps a traceback together although other workers and uWSGI's lines stand between", () => {
    const [first = '', second = ''] = TRACEBACK
    const { records } = assemble([HEAD, line(9, 'a'), first, UWSGI, line(9, 'b'), second])
    expect(records.find(record => record.pid === 457)?.message.split('\n')).toHaveLength(3)
    expect(records.filter(record => record.pid === 9).map(record => record.message)).toEqual(['a', 'b'])
  })

  it('never takes a traceback line for a head, even when its head is lost or unwanted', () => {
    const { records, counts } = assemble([...TRACEBACK, line(1, 'a'), ...TRACEBACK])
    expect(records.map(record => record.message)).toEqual(['a'])
    expect(counts.continuations).toBe(6)
  })

  it('takes an ERROR line without a bracket for a head where no line has one', () => {
    const bare = '2026-11-20 05:18:38.186 457 ERROR nova.compute.manager Setting instance to ERROR state.'
    expect(assemble([bare]).records).toMatchObject([{ level: 'ERROR', message: 'Setting instance to ERROR state.' }])
  })

  it('continues a record with lines that have no header', () => {
    const { records } = assemble([
      line(1, 'Ignored config'),
      '<domain type="qemu">',
      '  <uuid>x</uuid>',
      '',
      '</domain>',
    ])
    expect(records[0]?.message).toBe('Ignored config\n<domain type="qemu">\n  <uuid>x</uuid>\n</domain>')
  })

  it("leaves Python's warnings and uWSGI's own words out of the records around them", () => {
    const warning = '/usr/lib/python3/dist-packages/oslo_policy/policy.py:809: UserWarning: Policy was deprecated'
    const noise = [
      warning,
      '  warnings.warn(deprecated_msg)',
      'Fri Nov 20 05:44:04 2026 - SIGPIPE: writing to a closed pipe',
    ]
    const { records, counts } = assemble([...noise, line(1, 'a'), ...noise])
    expect(records.map(record => record.message)).toEqual(['a'])
    expect(counts).toMatchObject({ lines: 7, heads: 5, unwanted: 4, continuations: 2, undecodable: 0 })
  })

  it('adds nothing to a DEBUG record whose suffix has ended it, but its traceback', () => {
    const debug = `2026-11-20 05:18:38.186 457 DEBUG nova.compute.manager ${CONTEXT} a func /nova/manager.py:1`
    expect(assemble([debug, 'stray words', ...TRACEBACK.slice(0, 1)]).records[0]?.message).toBe(
      'a\nTraceback (most recent call last):',
    )
  })

  it('stops early at records that nobody wants, and drops all of their lines', () => {
    const asked: string[] = []
    const wanted = (logger: string, format: string, level: string): boolean => {
      asked.push(`${format} ${logger} ${level}`)
      return logger !== 'nova.compute.manager'
    }
    const { records, counts } = assemble([HEAD, ...TRACEBACK, 'words', line(457, 'a')], { wanted })
    expect(records).toEqual([])
    expect(counts).toMatchObject({ lines: 6, heads: 2, unwanted: 2, continuations: 4 })
    expect(new Set(asked)).toEqual(new Set(['oslo nova.compute.manager ERROR', 'oslo nova.compute.manager INFO']))
  })

  it('calls text before the first header, and binary anywhere, undecodable', () => {
    expect(assemble(['words', 'more words']).counts).toMatchObject({ lines: 2, undecodable: 2 })
    expect(assemble([line(1, 'a'), 'a\0b', 'b']).counts).toMatchObject({ heads: 1, undecodable: 1, continuations: 1 })
  })

  it('reads a line behind the zeros that copytruncate leaves', () => {
    expect(assemble([`\0\0\0\0${line(1, 'a')}`]).records[0]?.message).toBe('a')
  })

  it('bounds a record and says that it was cut', () => {
    const { records, cutRecords } = assemble([line(1, 'a'), ...Array<string>(3000).fill('x'.repeat(100))])
    expect(records[0]?.message.length).toBe(65_536)
    expect(cutRecords).toBe(1)
    expect(assemble([line(1, 'y'.repeat(70_000))]).records[0]?.message.length).toBe(65_536)
  })

  it('keeps a notification whole, which is of no use without its end', () => {
    const json = JSON.stringify({ event_type: 'port.create.end', note: 'y'.repeat(70_000) })
    const notified = line(1, json).replace(/ INFO \S+ /, ' INFO oslo.messaging.notification.port.create.end ')
    const { records, cutRecords } = assemble([notified])
    expect(records[0]?.message).toBe(json)
    expect(cutRecords).toBe(0)
  })

  it('bounds the records that are open at a time', () => {
    const many = Array.from({ length: 500 }, (_, pid) => line(pid + 1, String(pid)))
    expect(assemble(many).records).toHaveLength(500)
  })

  it('takes host and service from the path before the line, except in a collected syslog', () => {
    const place = { host: 'compute-1', service: 'nova-compute', fallbackHost: 'x', fallbackService: 'y' }
    expect(assemble([line(1, 'a')], place).records[0]).toMatchObject({ host: 'compute-1', service: 'nova-compute' })
    const syslog = (host: string): string => `Nov 20 05:18:39 ${host} nova-compute[1]: ${line(1, 'a')}`
    expect(assemble([syslog('compute-1.example.com')], place).records[0]?.host).toBe('compute-1')
    expect(assemble([syslog('compute-2')], place).records[0]?.host).toBe('compute-2')
  })

  it('falls back on the logger, then on the name of the file', () => {
    const place = { fallbackHost: 'x', fallbackService: 'y' }
    expect(assemble([line(1, 'a')], place).records[0]).toMatchObject({ host: 'x', service: 'nova-compute' })
    const library = '2026-11-20 05:18:39.001 1 INFO oslo_service.service [-] a'
    expect(assemble([library], place).records[0]).toMatchObject({ host: 'x', service: 'y' })
  })

  it('says nothing of dates that cannot be', () => {
    const { counts } = assemble(['2026-13-45 05:18:39.001 1 INFO a [-] b', '2026-11-20 29:61:00.001 1 INFO a [-] b'])
    expect(counts).toMatchObject({ heads: 0, undecodable: 2 })
  })

  it.each([
    ['blanks', ' '.repeat(1_000_000)],
    ['escapes', '\u001b['.repeat(500_000)],
    ['brackets', line(1, '['.repeat(1_000_000))],
    ['an endless context', `2026-11-20 05:18:39.001 1 INFO a [req-${'b '.repeat(500_000)}`],
    ['suffixes', line(1, ' func /a.py:1'.repeat(80_000), 'DEBUG')],
    ['open braces', '{"a":'.repeat(200_000)],
    ['structured data', `<1>1 2026-11-20T05:16:50Z h a 1 - ${'[a b="c\\]"]'.repeat(80_000)}`],
  ])('gets past a long line of %s quickly', (_, hostile) => {
    const started = performance.now()
    expect(assemble([line(1, 'a'), hostile]).counts.lines).toBe(2)
    expect(performance.now() - started).toBeLessThan(500)
  })
})
