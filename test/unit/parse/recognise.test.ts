import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../src/catalogue/catalogue.ts'
import { secondsBetween } from '../../../src/core/time.ts'
import { createInterest, createRecogniser } from '../../../src/parse/recognise.ts'
import { record } from '../../support/records.ts'

const recognise = createRecogniser(catalogue)

const INSTANCE = 'b075536a-086f-4823-8428-cfb6a2ea600f'
const PORT = '8f6cc85e-bb9a-439f-8da0-091f380dee2e'
const NO_IDENTITY = { project: '', user: '', globalRequest: '' }

describe('a recognised record', () => {
  const message = 'Took 1.25 seconds to build instance.'

  test('keeps who, when and where', () => {
    const said = record({ message })
    expect(recognise(said)).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      name: 'nova.compute.build.took',
      at: said.at,
      host: 'compute-1',
      service: 'nova-compute',
      source: 'log',
      requestMeaning: 'launch',
      request: said.request,
      globalRequest: '',
      project: said.project,
      user: said.user,
      instances: [INSTANCE],
      ports: [],
      volumes: [],
      aliases: [],
      attributes: { took_seconds: '1.25' },
      text: message,
    })
  })

  test('has an id that depends on every fact and on nothing else', () => {
    const id = recognise(record({ message }))?.id
    expect(recognise(record({ message, pid: 7 }))?.id).toBe(id)
    expect(recognise(record({ message, level: 'AUDIT' }))?.id).toBe(id)
    for (const change of [
      { host: 'compute-2' },
      { request: '' },
      { user: 'x' },
      { instance: PORT },
      { service: 'x' },
    ]) {
      expect(recognise(record({ message, ...change }))?.id).not.toBe(id)
    }
  })

  test('gets its service from the entry when nothing else says it', () => {
    expect(recognise(record({ message, service: '' }))?.service).toBe('nova-compute')
  })

  test('is the same in JSON as in text', () => {
    expect(recognise(record({ message, format: 'oslo-json' }))).toEqual(recognise(record({ message })))
  })

  test('tells an event about a port from one about a volume', () => {
    const event = { logger: 'nova.api.openstack.compute.server_external_events', service: 'nova-api' }
    const of = (name: string) => `Creating event ${name}:${PORT} for instance ${INSTANCE} on compute-2`
    const plugged = recognise(record({ ...event, message: of('network-vif-plugged') }))
    expect(plugged?.ports).toEqual([PORT])
    expect(plugged?.attributes).toEqual({ event: 'network-vif-plugged', host: 'compute-2' })
    expect(recognise(record({ ...event, message: of('volume-extended') }))?.volumes).toEqual([PORT])
    const other = recognise(record({ ...event, message: of('accelerator-request-bound') }))
    expect(other?.attributes['tag']).toBe(PORT)
  })

  test('says when a final failure is told apart by its level', () => {
    const aborted = `Build of instance ${INSTANCE} aborted: Failed to allocate the network(s), not rescheduling.`
    expect(recognise(record({ message: aborted, level: 'ERROR' }))?.attributes['level']).toBe('ERROR')
    expect(recognise(record({ message: aborted, level: 'DEBUG' }))?.attributes['level']).toBe('DEBUG')
  })
})

describe('a request id', () => {
  const cache = {
    logger: 'nova.network.neutron',
    level: 'DEBUG',
    message: 'Updating instance_info_cache with network_info: []',
  }

  test('of a periodic task names no launch', () => {
    expect(recognise(record({ ...cache, ...NO_IDENTITY }))?.requestMeaning).toBe('service')
    expect(recognise(record(cache))?.requestMeaning).toBe('launch')
  })

  test('counts without a user where no task says the same', () => {
    const said = recognise(record({ ...NO_IDENTITY, message: 'Took 1.25 seconds to build instance.' }))
    expect(said?.requestMeaning).toBe('launch')
  })
})

describe('a failure', () => {
  test('states the exception of its summary', () => {
    const said = recognise(
      record({
        level: 'ERROR',
        message: `Instance failed to spawn: nova.exception.PortBindingFailed: Binding failed for port ${PORT}, please check neutron logs for more information.`,
      }),
    )
    expect(said?.name).toBe('nova.compute.spawn.failed')
    expect(said?.attributes).toMatchObject({
      exception: 'nova.exception.PortBindingFailed',
      exception_text: `Binding failed for port ${PORT}, please check neutron logs for more information.`,
    })
  })

  test('in unknown words keeps logger and exception, and no other words', () => {
    const said = recognise(
      record({
        level: 'ERROR',
        logger: 'nova.virt.vmwareapi.vmops',
        message: 'Impossible de créer: oslo_vmware.exceptions.VimFaultException: no memory',
      }),
    )
    expect(said).toMatchObject({
      name: 'oslo.error',
      attributes: {
        logger: 'nova.virt.vmwareapi.vmops',
        exception: 'oslo_vmware.exceptions.VimFaultException',
        exception_text: 'no memory',
      },
      text: 'nova.virt.vmwareapi.vmops',
    })
  })

  test('that concerns no launch is left out', () => {
    const warning = { level: 'WARNING', logger: 'nova.compute.resource_tracker', message: 'x', instance: '' }
    expect(recognise(record({ ...warning, ...NO_IDENTITY }))).toBeUndefined()
    expect(recognise(record(warning))?.name).toBe('oslo.warning')
  })

  test('of a library counts only with an exception', () => {
    const library = { level: 'WARNING', logger: 'oslo_messaging.rpc.server', instance: '' }
    expect(recognise(record({ ...library, message: 'Using RPCClient manually' }))).toBeUndefined()
    const failed = recognise(record({ ...library, message: 'Exception: nova.exception.NoValidHost: none' }))
    expect(failed?.attributes['exception']).toBe('nova.exception.NoValidHost')
  })
})

describe('a message in another language', () => {
  test('of nova, about an instance, keeps the logger and no words', () => {
    expect(recognise(record({ message: 'Creazione della istanza' }))).toMatchObject({
      name: 'oslo.line',
      attributes: { logger: 'nova.compute.manager' },
      text: 'nova.compute.manager',
    })
    expect(recognise(record({ message: 'Creazione', instance: '' }))).toBeUndefined()
    expect(recognise(record({ message: 'Creazione', level: 'DEBUG' }))).toBeUndefined()
  })
})

describe('an access line', () => {
  const nova = { logger: 'nova.osapi_compute.wsgi.server', service: 'nova-api', instance: '' }
  const read = (changes: Parameters<typeof record>[0]) => recognise(record({ instance: '', ...changes }))

  test('is read in the form of eventlet', () => {
    const said = read({
      ...nova,
      message: '10.20.0.11 "POST /v2.1/servers HTTP/1.1" status: 202  len: 891 time: 0.6403',
    })
    expect(said?.name).toBe('access.nova.create')
    expect(said?.attributes).toEqual({ method: 'POST', path: '/v2.1/servers', status: '202', took_seconds: '0.6403' })
  })

  test('is read in the form of nova under WSGI', () => {
    const message = `10.20.0.11 "DELETE /v2.1/servers/${INSTANCE}" status: 204 len: - microversion: 2.93 time: 0.158281`
    const said = read({ ...nova, logger: 'nova.api.openstack.requestlog', message })
    expect(said).toMatchObject({ name: 'access.nova.delete', requestMeaning: 'other', instances: [INSTANCE] })
  })

  test('is read in the form of placement, and loses its query', () => {
    const message =
      '10.20.0.11 "GET /allocation_candidates?limit=1000&resources=VCPU%3A1" status: 200 len: 3793 microversion: 1.36'
    const said = read({ logger: 'placement.requestlog', service: 'placement-api', message })
    expect(said?.name).toBe('access.placement.candidates')
    expect(said?.attributes).toEqual({ method: 'GET', path: '/allocation_candidates', status: '200' })
    expect(said?.text).not.toContain('limit')
  })

  test('is read in the form of glance', () => {
    const message = `10.20.0.11 - - [20/Nov/2026 05:16:03] "GET /v2/images/${PORT}/file HTTP/1.1" 200 10347520 2.125000`
    const said = read({ logger: 'eventlet.wsgi.server', service: 'glance-api', message })
    expect(said?.name).toBe('access.glance.download')
    expect(said?.attributes).toMatchObject({ image: PORT, took_seconds: '2.125000' })
  })

  test('names the instance whose ports are listed', () => {
    const message = `10.20.0.11 "GET /v2.0/ports?tenant_id=x&device_id=${INSTANCE} HTTP/1.1" status: 200  len: 1 time: 0.1`
    const said = read({ logger: 'neutron.wsgi', service: 'neutron-server', message })
    expect(said).toMatchObject({ name: 'access.neutron.port_list', instances: [INSTANCE] })
  })

  test('of uWSGI says when the call began, so it ended later', () => {
    const at = record({}).at
    const message =
      '[pid: 7705|app: 0|req: 21/41] 10.20.0.11 () {34 vars in 962 bytes} [Fri Nov 20 05:31:57 2026] POST /v2.1/servers => generated 372 bytes in 1641 msecs (HTTP/1.1 202) 7 headers in 275 bytes (1 switches on core 1)'
    const said = read({ format: 'uwsgi', logger: '', level: '', service: 'nova-api', request: '', message })
    expect(said?.name).toBe('access.nova.create')
    expect(said?.attributes).toMatchObject({ status: '202', took_seconds: '1.641', precision_seconds: '1' })
    expect(secondsBetween(at, said?.at ?? at)).toBe(1.641)
  })

  test.each([
    ['kolla', '"POST /v3/auth/tokens HTTP/1.1" 201 7514 250000 "-" "python"', '0.25'],
    ['devstack', '"POST /identity/v3/auth/tokens HTTP/1.1" 201 7514 "-" "python" 250000(us)', '0.25'],
    ['combined', '"POST /v3/auth/tokens HTTP/1.1" 201 7514 "-" "python"', undefined],
  ])('is read in the form of Apache: %s', (_, request, took) => {
    const message = `10.20.0.11 - - [20/Nov/2026:05:16:03 +0000] ${request}`
    const said = read({ format: 'apache', logger: '', level: '', service: '', message })
    expect(said?.name).toBe('access.keystone.issue')
    expect(said?.attributes['took_seconds']).toBe(took)
    expect(said?.service).toBe('keystone')
  })

  test('keeps the address of a guest, and of nobody else', () => {
    const message =
      '192.168.1.16,<local> "GET /openstack/latest/meta_data.json HTTP/1.1" status: 200  len: 1100 time: 0.4379430'
    const said = read({ logger: 'eventlet.wsgi.server', service: 'neutron-ovn-metadata-agent', message })
    expect(said).toMatchObject({ name: 'access.metadata', attributes: { ip: '192.168.1.16' } })
  })

  test('of one service is not taken for the same path of another', () => {
    const message = `10.20.0.11 "GET /v2/images/${PORT} HTTP/1.1" status: 200  len: 1 time: 0.1`
    expect(read({ ...nova, message })).toBeUndefined()
  })
})

describe('secrets', () => {
  test('of a request body never become part of a signal', () => {
    const body = `{"server": {"name": "vm", "adminPass": "hunter2", "user_data": "c2VjcmV0", "metadata": {"name": "k"}, "imageRef": "${PORT}"}}`
    const message = `Action: 'create', calling method: <bound method ServersController.create>, body: ${body}`
    const said = recognise(record({ logger: 'nova.api.openstack.wsgi', level: 'DEBUG', service: 'nova-api', message }))
    expect(said?.attributes).toEqual({ display_name: 'vm', image: PORT })
    expect(JSON.stringify(said)).not.toMatch(/hunter2|c2VjcmV0/)
  })

  test('in free text are masked', () => {
    const message = 'Failed to claim: got X-Auth-Token: gAAAAABk1234567890abcdefghij and password=hunter2'
    const said = recognise(record({ logger: 'nova.compute.claims', message }))
    expect(said?.name).toBe('nova.compute.claim.fail')
    expect(JSON.stringify(said)).not.toMatch(/gAAAA|hunter2/)
  })
})

describe('other programs', () => {
  const quiet = { level: '', request: '', instance: '', ...NO_IDENTITY }

  test('OVN is known by its module', () => {
    const message = `${PORT}: Claiming fa:16:3e:52:c6:c0 192.168.1.134`
    const said = recognise(record({ ...quiet, format: 'vlog', service: 'ovn-controller', logger: 'binding', message }))
    expect(said).toMatchObject({ name: 'ovn.claim.mac', ports: [PORT], aliases: ['mac:fa:16:3e:52:c6:c0'] })
  })

  test('the metadata proxy names its network in the tag', () => {
    const message =
      '192.168.1.164:56512 [20/Nov/2026:06:04:04.658] listener listener/metadata 0/0/0/617/617 200 1084 - - ---- 1/1/0/0/0 0/0 "GET /openstack/latest/meta_data.json HTTP/1.1"'
    const logger = `haproxy-metadata-proxy-${PORT}`
    const said = recognise(record({ ...quiet, format: 'syslog', service: 'haproxy', logger, message }))
    expect(said?.aliases).toEqual([`ip:${PORT}/192.168.1.164`])
    expect(said?.attributes['took_seconds']).toBe('0.617')
  })

  test('libvirt counts only when it reports an error', () => {
    const libvirt = {
      ...quiet,
      format: 'libvirt',
      service: 'libvirtd',
      logger: 'qemuProcessStart',
      message: 'no memory',
    } as const
    expect(recognise(record({ ...libvirt, level: 'ERROR' }))?.attributes).toEqual({
      error: 'no memory',
      function: 'qemuProcessStart',
    })
    expect(recognise(record({ ...libvirt, level: 'INFO' }))).toBeUndefined()
  })

  test('RabbitMQ says nothing about a launch', () => {
    expect(recognise(record({ format: 'rabbitmq', message: 'accepting AMQP connection' }))).toBeUndefined()
    expect(createInterest(catalogue)('', 'rabbitmq', 'INFO')).toBe(false)
  })
})
