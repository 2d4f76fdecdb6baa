import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../src/catalogue/catalogue.ts'
import type { LogRecord } from '../../../../src/parse/record.ts'
import { createInterest } from '../../../../src/parse/recognise.ts'
import { originOf, placeOf } from '../../../../src/sources/otlp-logs/log-place.ts'
import { createLogStreams } from '../../../../src/sources/otlp-logs/log-streams.ts'
import { logsOfRequest } from '../../../../src/sources/otlp-logs/logs-request.ts'
import type { OtlpGroup, OtlpRecord, OtlpValue } from '../../../support/otlp.ts'
import { otlpJson } from '../../../support/otlp.ts'
import { recordTelemetry } from '../../../support/telemetry.ts'

const REQUEST = 'req-1d82800d-69fe-4c99-8567-194cc9c4322c'
const INSTANCE = '5ca3b08e-4ed8-4c95-a0a9-bd4bc18052ee'
const TIME = 1_795_151_810_459_012_345n
const LINE = `2026-11-20 05:16:50.459 457 INFO nova.compute.claims [None ${REQUEST} u p - - default default] [instance: ${INSTANCE}] Claim successful on node compute-1`

/** The records that a group states. */
async function recordsOf(group: OtlpGroup): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = []
  const streams = createLogStreams({
    source: 'otlp',
    wanted: createInterest(catalogue),
    timezone: 'UTC',
    telemetry: recordTelemetry(),
    intake: {
      write: reading => {
        records.push(...reading.records)
        return Promise.resolve()
      },
    },
  })
  const { durable } = streams.take(logsOfRequest(JSON.parse(otlpJson([group]))))
  streams.end()
  await durable
  return records
}

async function only(
  record: OtlpRecord,
  resource: OtlpGroup['resource'] = {},
  scope = '',
): Promise<LogRecord | undefined> {
  const records = await recordsOf({ resource, scope, records: [record] })
  expect(records.length).toBeLessThanOrEqual(1)
  return records[0]
}

const CLAIM = {
  level: 'INFO',
  logger: 'nova.compute.claims',
  request: REQUEST,
  instance: INSTANCE,
  message: 'Claim successful on node compute-1',
}

function place(resource: OtlpGroup['resource'], attributes: Readonly<Record<string, OtlpValue>> = {}) {
  const [log] = logsOfRequest(JSON.parse(otlpJson([{ resource, records: [{ body: 'x', attributes }] }])))
  if (log === undefined) throw new Error('There is one.')
  return placeOf(originOf(log))
}

describe('a record of OTLP', () => {
  it('is a line when its body is a text', async () => {
    const resource = { 'host.name': 'compute-1', 'service.name': 'nova-compute' }
    expect(await only({ body: LINE }, resource)).toMatchObject({ ...CLAIM, host: 'compute-1', service: 'nova-compute' })
    expect(await only({ body: `${LINE}\r\n` })).toMatchObject({ request: REQUEST })
    expect(await only({ body: new TextEncoder().encode(LINE) })).toMatchObject(CLAIM)
  })

  it('is several lines when its body holds several', async () => {
    const records = await recordsOf({ resource: {}, records: [{ body: `${LINE}\n${LINE}\nand more` }] })
    expect(records.map(({ message }) => message)).toEqual([CLAIM.message, `${CLAIM.message}\nand more`])
  })

  it('is what kolla made of a line', async () => {
    const body = {
      Payload: `[instance: ${INSTANCE}] ${CLAIM.message}`,
      Hostname: 'compute-1',
      programname: 'nova-compute',
      python_module: 'nova.compute.claims',
      log_level: 'INFO',
      Pid: '457',
      request_id: REQUEST,
    }
    expect(await only({ body, time: TIME })).toMatchObject({
      ...CLAIM,
      at: 1_795_151_810_459_012,
      host: 'compute-1',
      service: 'nova-compute',
    })
  })

  it('is what oslo.log writes as JSON, as text and as a map', async () => {
    const body = {
      message: CLAIM.message,
      name: 'nova.compute.claims',
      levelname: 'INFO',
      created: 1_795_151_810.459,
      context: { request_id: REQUEST },
      extra: { instance: INSTANCE },
    }
    expect(await only({ body })).toMatchObject(CLAIM)
    expect(await only({ body: JSON.stringify(body) })).toMatchObject(CLAIM)
  })

  it('is an entry of the journal', async () => {
    const body = { MESSAGE: LINE, SYSLOG_IDENTIFIER: 'nova-compute', _HOSTNAME: 'compute-1', _PID: '457' }
    const expected = { ...CLAIM, host: 'compute-1', service: 'nova-compute' }
    expect(await only({ body: { ...body, __REALTIME_TIMESTAMP: '1795151810460012' } })).toMatchObject(expected)
    expect(await only({ body, time: TIME })).toMatchObject(expected)
  })

  it('is the line that a container wrote', async () => {
    const kubernetes = { host: 'compute-1', container_name: 'nova-compute' }
    const expected = { ...CLAIM, host: 'compute-1', service: 'nova-compute' }
    expect(await only({ body: { log: LINE, kubernetes } })).toMatchObject(expected)
    const runtime = { stream: 'stdout', time: '2026-11-20T05:16:50.5Z', _p: 'F' }
    expect(await only({ body: { log: LINE, kubernetes, ...runtime } })).toMatchObject(expected)
  })

  it("is the line in Vector's own shape, with where it came from beside it", async () => {
    const body = { message: LINE, host: 'compute-1', file: '/var/log/kolla/nova/nova-compute.log', source_type: 'file' }
    expect(await only({ body })).toMatchObject({ ...CLAIM, host: 'compute-1', service: 'nova-compute' })
  })

  it('is put together again where a parser took the header off', async () => {
    const attributes = { logger: 'nova.compute.claims', request_id: REQUEST, instance: INSTANCE, pid: 457 }
    const record = { body: CLAIM.message, attributes, severityText: 'info', time: TIME }
    expect(await only(record)).toMatchObject({ ...CLAIM, at: 1_795_151_810_459_012, pid: 457 })
  })

  it('is put together of what a program sends by itself', async () => {
    const body = `[instance: ${INSTANCE}] Instance failed to spawn`
    const record = await only({ body, severityNumber: 17, time: TIME }, {}, 'nova.compute.manager')
    expect(record).toMatchObject({ level: 'ERROR', logger: 'nova.compute.manager', instance: INSTANCE })
  })

  it('is not taken for one of a program when its scope is the shipper', async () => {
    const scope = 'github.com/open-telemetry/opentelemetry-collector-contrib/receiver/filelogreceiver'
    expect(await only({ body: LINE, time: TIME }, {}, scope)).toMatchObject(CLAIM)
    expect(await only({ body: 'Traceback (most recent call last):', time: TIME }, {}, scope)).toBeUndefined()
  })

  it('is nothing when it is a map of something else', async () => {
    expect(await only({ body: { colour: 'blue' }, time: TIME })).toBeUndefined()
  })
})

describe('the place of a record', () => {
  it('is what its attributes say', () => {
    expect(place({ 'host.name': 'compute-1', 'service.name': 'nova-compute' })).toMatchObject({
      host: 'compute-1',
      service: 'nova-compute',
    })
    expect(place({ 'k8s.node.name': 'node-7', 'k8s.container.name': 'neutron-server' })).toMatchObject({
      host: 'node-7',
      service: 'neutron-server',
    })
  })

  it('is read from the path where they do not', () => {
    expect(place({}, { 'log.file.path': '/srv/logs/compute-2/nova-compute.log' })).toMatchObject({
      host: 'compute-2',
      service: 'nova-compute',
    })
    expect(place({}, { 'log.file.name': 'neutron-server.log.1' })).toMatchObject({
      host: '',
      service: 'neutron-server',
    })
    expect(place({}, { 'log.file.path': '/var/log/libvirt/qemu/instance-0000000a.log' })).toMatchObject({
      service: 'libvirt-qemu',
      domain: 'instance-0000000a',
    })
  })

  it('takes a name that is none of a service for a last resort', () => {
    expect(place({ 'service.name': 'openstack-logs' })).toMatchObject({
      service: '',
      fallbackService: 'openstack-logs',
    })
    expect(place({ 'service.name': 'unknown_service:python' })).toMatchObject({ service: '', fallbackService: '' })
  })
})
