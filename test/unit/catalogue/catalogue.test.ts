import { describe, expect, it, test } from 'vitest'
import { catalogue, createIsWanted, stepsOf } from '../../../src/catalogue/catalogue.ts'
import type { Example, LogSignal } from '../../../src/catalogue/entry.ts'
import { matchLine } from '../../../src/catalogue/line.ts'
import type { Line } from '../../../src/catalogue/line.ts'
import { createFindRoute } from '../../../src/catalogue/routes.ts'
import { splitTarget } from '../../../src/catalogue/path.ts'
import { createRecogniser } from '../../../src/parse/recognise.ts'
import type { Signal } from '../../../src/core/signal.ts'
import type { RecordFormat } from '../../../src/parse/record.ts'
import { record } from '../../support/records.ts'

const recognise = createRecogniser(catalogue)
const findRoute = createFindRoute(catalogue.access)

const LOG_FORMATS: Readonly<Record<string, RecordFormat>> = {
  vlog: 'vlog',
  libvirt: 'libvirt',
  qemu: 'qemu',
  syslog: 'syslog',
  ceph: 'ceph',
}

function say(entry: LogSignal, { message, logger, level }: Omit<Example, 'fields'>): Signal | undefined {
  return recognise(
    record({
      format: LOG_FORMATS[entry.family ?? ''] ?? 'oslo',
      service: entry.services[0] ?? '',
      level: level ?? entry.level.split('/')[0] ?? '',
      logger: logger ?? entry.loggers[0] ?? '',
      instance: '',
      message,
    }),
  )
}

function fieldsOf(signal: Signal | undefined): Record<string, string> {
  const ids = { instances: signal?.instances, ports: signal?.ports, volumes: signal?.volumes, aliases: signal?.aliases }
  const named = Object.entries(ids).map(([name, values]) => [name, (values ?? []).join(' ')] as const)
  return { ...Object.fromEntries(named.filter(([, value]) => value !== '')), ...signal?.attributes }
}

function neighbours(entry: LogSignal): readonly LogSignal[] {
  return catalogue.logs.filter(other => {
    if (other.id === entry.id || (other.family ?? 'oslo') !== (entry.family ?? 'oslo')) return false
    return other.loggers.length === 0 || other.loggers.some(logger => entry.loggers.includes(logger))
  })
}

describe.each(catalogue.logs.map(entry => [entry.id, entry] as const))('%s', (id, entry) => {
  it.each(entry.examples)('recognises: $message', example => {
    const signal = say(entry, example)
    expect(signal?.name).toBe(id)
    expect(fieldsOf(signal)).toEqual(example.fields)
  })

  it('has an example of every wording', () => {
    const unseen = entry.messages.filter(line => !entry.examples.some(({ message }) => matchLine(line, message)))
    expect(unseen.map(line => line.template)).toEqual([])
  })

  it('leaves its counter-examples alone', () => {
    expect(entry.notThis.filter(message => say(entry, { message })?.name === id)).toEqual([])
  })

  it('has no example that another entry of its loggers would take', () => {
    const taken = neighbours(entry).filter(other =>
      other.messages.some(line => entry.examples.some(({ message }) => matchLine(line, message))),
    )
    expect(taken.map(other => other.id)).toEqual([])
  })
})

describe.each(catalogue.access.map(entry => [entry.id, entry] as const))('%s', (id, entry) => {
  function routeOf(example: string): string | undefined {
    const [method = '', target = ''] = example.split(' ')
    return findRoute({ method, path: splitTarget(target), service: '' })?.id
  }

  it('recognises its examples, mounted and whole', () => {
    const whole = entry.examples.map(example => example.replace(' ', ' http://10.20.0.11:8080'))
    expect([...entry.examples, ...whole].map(routeOf)).toEqual([...entry.examples, ...whole].map(() => id))
  })

  it('leaves its counter-examples alone', () => {
    expect(entry.notThis.map(routeOf)).toEqual(entry.notThis.map(() => undefined))
  })
})

describe('the catalogue', () => {
  const all = [...catalogue.logs, ...catalogue.access, ...catalogue.notifications]

  test('gives every entry an id of its own', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  })

  test('says in one sentence what every entry means', () => {
    expect(all.filter(({ means }) => !/^[A-Z].+\.$/.test(means)).map(({ id }) => id)).toEqual([])
  })

  test('names steps as the launch flow does', () => {
    expect(all.flatMap(({ steps }) => steps).filter(step => !/^(?:A\d{1,2}|B\d{1,2}|M\d)$/.test(step))).toEqual([])
    expect(stepsOf('nova.compute.build.took')).toContain('A44')
    expect(stepsOf('never heard of')).toEqual([])
  })

  test('gives no event type of one form to two entries', () => {
    const types = catalogue.notifications.flatMap(({ form, eventTypes }) => eventTypes.map(type => `${form} ${type}`))
    expect(new Set(types).size).toBe(types.length)
  })

  test('wants the loggers of its entries, and of failures, and no others', () => {
    const isWanted = createIsWanted(catalogue)
    const oslo = (logger: string, level: string): boolean => isWanted({ family: 'oslo', logger, level })
    expect(oslo('nova.compute.claims', 'INFO')).toBe(true)
    expect(oslo('eventlet.wsgi.server', 'INFO')).toBe(true)
    expect(oslo('oslo.messaging.notification.instance.update', 'INFO')).toBe(true)
    expect(oslo('nova.virt.vmwareapi.vmops', 'INFO')).toBe(true)
    expect(oslo('nova.virt.vmwareapi.vmops', 'DEBUG')).toBe(false)
    expect(oslo('cinder.quota', 'WARNING')).toBe(true)
    expect(oslo('cinder.quota', 'INFO')).toBe(false)
    expect(oslo('amqp', 'ERROR')).toBe(false)
    expect(isWanted({ family: 'vlog', logger: 'binding', level: 'INFO' })).toBe(true)
    expect(isWanted({ family: 'vlog', logger: 'main', level: 'INFO' })).toBe(false)
  })
})

/** Every beginning of a wording, followed by what makes a careless regex try again and again. */
function hostileMessages(line: Line, length: number): readonly string[] {
  const tails = ['a ', "'", '[', 'b075536a-086f-4823-8428-cfb6a2ea600f, ', '1.', 'x-'].map(unit =>
    unit.repeat(Math.ceil(length / unit.length)),
  )
  return line.literals.flatMap((_, parts) => {
    const beginning = line.literals.slice(0, parts + 1).join('value')
    return tails.map(tail => beginning + tail)
  })
}

function leastTime(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
  return Math.min(...times)
}

test('the time for hostile lines grows no faster than the lines', () => {
  const lines = catalogue.logs.flatMap(({ messages }) => messages)
  const timeFor = (length: number): number => {
    const cases = lines.flatMap(line => hostileMessages(line, length).map(message => ({ line, message })))
    return leastTime(() => {
      for (const { line, message } of cases) matchLine(line, message)
    })
  }
  timeFor(1000)
  // Eight times the length: linear is a ratio of 8, quadratic one of 64.
  expect(timeFor(8000) / timeFor(1000)).toBeLessThan(24)
})
