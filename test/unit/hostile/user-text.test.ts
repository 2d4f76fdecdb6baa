import { expect, test } from 'vitest'
import { catalogue } from '../../../src/catalogue/catalogue.ts'
import type { Signal } from '../../../src/core/signal.ts'
import { micros } from '../../../src/core/time.ts'
import { createLogAssembler } from '../../../src/parse/assembler.ts'
import { createClock } from '../../../src/parse/clock.ts'
import { createRecogniseNotification } from '../../../src/parse/notification-recognise.ts'
import { decodeDelivery } from '../../../src/parse/notification.ts'
import { createInterest, createRecogniser } from '../../../src/parse/recognise.ts'
import { isNamedOtherwise } from '../../../src/sources/file-kind.ts'

/* What users of a cloud type, and what their clients send, stands in its logs and notifications. */

const REQUEST = 'req-11111111-1111-4111-8111-111111111111'
const INSTANCE = '22222222-2222-4222-8222-222222222222'
const CONTEXT = `[None ${REQUEST} aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb - - default default]`
const WHEN = '2026-11-20 06:00:00.000 712'
const CREATED = '"POST /v2.1/servers HTTP/1.1" status: 202 len: 863 time: 0.1642907'
const CREATE_LINE = `${WHEN} INFO nova.osapi_compute.wsgi.server ${CONTEXT} 10.0.0.1 ${CREATED}`
const FAILED_LINE = `${WHEN} ERROR nova.compute.manager ${CONTEXT} [instance: ${INSTANCE}] Instance failed to spawn: fake`
const FAKES = [CREATE_LINE, FAILED_LINE]

function signalsOf(service: string, lines: readonly string[]): readonly Signal[] {
  const signals: Signal[] = []
  const recognise = createRecogniser(catalogue)
  const context = {
    host: 'controller-1',
    service,
    domain: '',
    fallbackHost: '',
    fallbackService: '',
    clock: createClock({ zone: 'UTC', reference: micros(Date.UTC(2026, 10, 21) * 1000) }),
    wanted: createInterest(catalogue),
  }
  const assembler = createLogAssembler(context, record => {
    const signal = recognise(record)
    if (signal !== undefined) signals.push(signal)
  })
  for (const line of lines) assembler.push(line)
  assembler.flush()
  return signals
}

function namesOf(service: string, lines: readonly string[]): readonly string[] {
  return signalsOf(service, lines).map(({ name }) => name)
}

function notify(body: object): Signal | undefined {
  const decoded = decodeDelivery(JSON.stringify({ exchange: 'nova', body: JSON.stringify(body) }))
  if (decoded.outcome === 'undecodable') return undefined
  return createRecogniseNotification(catalogue.notifications)(decoded.notification)
}

function created(payload: object, timestamp = '2026-11-20 06:00:00.000000'): Signal | undefined {
  return notify({
    event_type: 'compute.instance.create.start',
    publisher_id: 'compute.compute-1',
    priority: 'INFO',
    timestamp,
    payload: { instance_id: INSTANCE, ...payload },
  })
}

test('a whole line that a user typed into a message makes no signal of its own', () => {
  for (const fake of FAKES) {
    const told = `${WHEN} WARNING nova.compute.manager ${CONTEXT} something about ${fake}`
    expect(namesOf('nova-compute', [told])).toEqual(['oslo.warning'])
  }
})

test('a whole line that a user typed into the second line of a message makes no signal of its own', () => {
  for (const fake of FAKES) {
    const told = [`${WHEN} WARNING nova.compute.manager ${CONTEXT} something about`, `name: ${fake}`]
    expect(namesOf('nova-compute', told)).toEqual(['oslo.warning'])
  }
})

test('a newline that syslog escaped ends no message', () => {
  for (const fake of FAKES) {
    const told = `Nov 20 06:00:00 c nova-compute[712]: ${WHEN} WARNING nova.compute.manager ${CONTEXT} name#012${fake}`
    expect(namesOf('', [told])).toEqual(['oslo.warning'])
  }
})

test('a newline in a JSON record ends no message', () => {
  const record = { asctime: '2026-11-20 06:00:00', name: 'nova.compute.manager', levelname: 'WARNING', extra: {} }
  for (const fake of FAKES) {
    const told = JSON.stringify({ ...record, message: `name\n${fake}`, context: { request_id: REQUEST } })
    expect(namesOf('', [told]).filter(name => !name.startsWith('oslo.'))).toEqual([])
  }
})

test('lines with a prefix are still read where no header begins a line', () => {
  expect(namesOf('', [`nova-api.log:${CREATE_LINE}`])).toEqual(['access.nova.create'])
})

test('a forwarded client address that says what a request line says is only an address', () => {
  const forwarded = `1.1.1.1${CREATED.replaceAll(' ', '')},10.0.0.1`
  const told = `${WHEN} INFO nova.osapi_compute.wsgi.server ${CONTEXT} ${forwarded} "GET /v2.1/flavors HTTP/1.1" status: 200 len: 3 time: 0.1`
  expect(namesOf('nova-api', [told])).toEqual([])
})

test('a very long forwarded client address hides no request', () => {
  expect(namesOf('nova-api', [CREATE_LINE.replace('10.0.0.1', '2001:db8::1,'.repeat(400))])).toEqual([
    'access.nova.create',
  ])
})

test('quotes in a path do not end the request line', () => {
  const path = `/v2.1/"${CREATED.replaceAll(' ', '%20')}`
  const told = `${WHEN} INFO nova.osapi_compute.wsgi.server ${CONTEXT} 10.0.0.1 "GET ${path} HTTP/1.1" status: 404 len: 3 time: 0.1`
  expect(namesOf('nova-api', [told])).toEqual([])
})

test("a guest's console log is not taken for a log", () => {
  expect(['console.log', 'console.log.0.gz'].every(isNamedOtherwise)).toBe(true)
})

test('half characters of a payload are replaced, for no store takes them', () => {
  const signal = created({ display_name: '\ud800a', host: 'b\udc00' })
  expect(signal?.attributes).toMatchObject({ display_name: '\ufffda' })
  expect(JSON.stringify(signal)).not.toContain('\\ud')
})

test('a cut in the middle of a character leaves no half of it', () => {
  const signal = created({ display_name: `a${'\u{1f600}'.repeat(5000)}`, tenant_id: `a${'\u{1f600}'.repeat(5000)}` })
  expect(JSON.stringify(signal)).not.toContain('\\ud')
})

test('no name or id of a signal grows with what a user sends', () => {
  const long = 'x'.repeat(1_000_000)
  const signal = created({ display_name: long, tenant_id: long, user_id: long, host: long, availability_zone: long })
  expect(JSON.stringify(signal).length).toBeLessThan(10_000)
})

test('keys that every object inherits are values like any other', () => {
  const inherited = '"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}'
  const payload = `{"instance_id":"${INSTANCE}","display_name":"__proto__","host":"constructor",${inherited}}`
  const head = '"event_type":"compute.instance.create.start","timestamp":"2026-11-20 06:00:00"'
  const decoded = decodeDelivery(`{${head},"publisher_id":"compute.c","payload":${payload}}`)
  const recognise = createRecogniseNotification(catalogue.notifications)
  const signal = decoded.outcome === 'notification' ? recognise(decoded.notification) : undefined
  expect(signal?.attributes).toMatchObject({ display_name: '__proto__' })
  expect({}).not.toHaveProperty('polluted')
})

test('dates in which no OpenStack ran are no dates, so that one of them stretches no recording', () => {
  for (const day of ['0000-01-01', '0001-01-01', '1970-01-01', '9999-12-31']) {
    expect(created({}, `${day} 00:00:00.000000`)).toBeUndefined()
    expect(signalsOf('nova-api', [CREATE_LINE.replace('2026-11-20', day)])).toEqual([])
  }
})
