import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../src/catalogue/catalogue.ts'
import type { Signal } from '../../../src/core/signal.ts'
import { decodeDelivery } from '../../../src/parse/notification.ts'
import { createRecogniseNotification } from '../../../src/parse/notification-recognise.ts'
import { createRecogniser } from '../../../src/parse/recognise.ts'
import { record } from '../../support/records.ts'

const recogniseNotification = createRecogniseNotification(catalogue.notifications)
const recorded = readFileSync(new URL('../../fixtures/notifications.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')

const INSTANCE = 'b075536a-086f-4823-8428-cfb6a2ea600f'
const OTHER = '8f6cc85e-bb9a-439f-8da0-091f380dee2e'
const REQUEST = 'req-a9a34782-8556-4852-a7b9-1f927a2e7bbb'

function recognise(json: string): Signal | undefined {
  const decoded = decodeDelivery(json)
  return decoded.outcome === 'notification' ? recogniseNotification(decoded.notification) : undefined
}

interface Sent {
  readonly event: string
  readonly publisher: string
  readonly payload: unknown
  readonly priority?: string
  readonly context?: Readonly<Record<string, string | null>>
}

function send({ event, publisher, payload, priority = 'INFO', context }: Sent): Signal | undefined {
  const user = { _context_request_id: REQUEST, _context_user_id: 'u1', _context_project_id: 'p1' }
  const message = {
    message_id: 'm1',
    event_type: event,
    publisher_id: publisher,
    priority,
    payload,
    timestamp: '2026-11-20 05:16:03.691302',
    ...(context ?? user),
  }
  return recognise(JSON.stringify(message))
}

function versioned(data: Readonly<Record<string, unknown>>): unknown {
  return {
    'nova_object.name': 'X',
    'nova_object.namespace': 'nova',
    'nova_object.version': '1.0',
    'nova_object.data': data,
  }
}

test('recorded notifications state what they stated before', async () => {
  const signals = recorded.map(line => recognise(line) ?? 'says nothing about a launch')
  await expect(`${JSON.stringify(signals, null, 2)}\n`).toMatchFileSnapshot('../../fixtures/notifications.signals.json')
})

test('no secret of a recorded notification becomes part of a signal', () => {
  const signals = JSON.stringify(recorded.map(recognise))
  expect(recorded.join('\n')).toContain('blanked-secret')
  expect(signals).not.toMatch(/blanked-secret|auth_token|connection_info/)
})

describe('when a launch was asked for', () => {
  const start = { event: 'instance.create.start', publisher: 'nova-compute:compute-1' }
  const askedIn = (timestamp: string): string | undefined =>
    send({
      ...start,
      payload: versioned({ uuid: INSTANCE }),
      context: { _context_request_id: REQUEST, _context_user_id: 'u1', _context_timestamp: timestamp },
    })?.attributes['asked_at']

  test('is told by the context that was made when the request arrived', () => {
    expect(askedIn('2026-11-20T05:16:01.250000')).toBe('2026-11-20T05:16:01.250000Z')
  })

  test('is not told by a context that was made to send the notification', () => {
    expect(askedIn('2026-11-20T05:16:03.691270')).toBeUndefined()
  })

  test('is told by the context beside the PCI requests of a legacy request to schedule, without its token', () => {
    const asked = send({
      event: 'scheduler.select_destinations.start',
      publisher: 'scheduler.controller-1',
      payload: {
        request_spec: {
          instance_properties: {
            uuid: INSTANCE,
            pci_requests: { _context: { auth_token: 'blanked-secret', timestamp: '2026-11-20T05:16:01.431585' } },
          },
        },
      },
    })
    expect(asked?.attributes['asked_at']).toBe('2026-11-20T05:16:01.431585Z')
    expect(JSON.stringify(asked)).not.toContain('blanked-secret')
  })
})

test('a request to schedule several instances is about all of them, though it names the first', () => {
  const select = (count: number): Signal | undefined =>
    send({
      event: 'scheduler.select_destinations.start',
      publisher: 'scheduler.controller-1',
      payload: { request_spec: { num_instances: count, instance_properties: { uuid: INSTANCE } } },
    })
  expect(select(1)?.instances).toEqual([INSTANCE])
  expect(select(3)?.instances).toEqual([])
})

describe('a notification', () => {
  test('delivered twice is one fact, in both forms it is two', () => {
    const sent = {
      event: 'instance.create.end',
      publisher: 'nova-compute:compute-1',
      payload: versioned({ uuid: INSTANCE }),
    }
    expect(send(sent)?.id).toBe(send(sent)?.id)
    const legacy = send({
      ...sent,
      event: 'compute.instance.create.end',
      publisher: 'compute.compute-1',
      payload: { instance_id: INSTANCE },
    })
    expect(legacy?.name).toBe('notif.nova.l.create.end')
    expect(legacy?.id).not.toBe(send(sent)?.id)
  })

  test('has the same event type in both forms and is told apart by its payload', () => {
    const event = 'scheduler.select_destinations.start'
    expect(send({ event, publisher: 'nova-scheduler:c', payload: versioned({ instance_uuid: INSTANCE }) })?.name).toBe(
      'notif.nova.v.select.start',
    )
    const spec = { num_instances: 3, instance_properties: { uuid: INSTANCE } }
    expect(send({ event, publisher: 'scheduler.c', payload: { request_spec: spec } })).toMatchObject({
      name: 'notif.nova.l.select.start',
      service: 'nova-scheduler',
      attributes: { count: '3' },
    })
  })

  test('of a saved state is told by the clock of the conductor that saved it', () => {
    const update = send({
      event: 'instance.update',
      publisher: 'nova-compute:controller-1',
      payload: versioned({
        uuid: INSTANCE,
        host: 'compute-2',
        state_update: versioned({ old_task_state: 'networking', new_task_state: null, state: 'active' }),
      }),
    })
    expect(update).toMatchObject({
      host: 'controller-1',
      service: 'nova-conductor',
      attributes: { build_host: 'compute-2', old_task_state: 'networking', state: 'active' },
    })
    expect(update?.attributes).not.toHaveProperty('task_state')
  })

  test('of a periodic task names no launch by its request id', () => {
    const context = { _context_request_id: REQUEST, _context_user_id: null }
    const update = send({
      event: 'instance.update',
      publisher: 'nova-compute:c',
      payload: versioned({ uuid: INSTANCE }),
      context,
    })
    expect(update?.requestMeaning).toBe('service')
  })

  test.each([
    { event: 'instance.rebuild.start', publisher: 'nova-compute:c', name: 'notif.nova.v.other' },
    { event: 'instance.live_migration_post.end', publisher: 'nova-compute:c', name: 'notif.nova.v.other' },
    { event: 'compute.instance.resize.prep.start', publisher: 'compute.c', name: 'notif.nova.l.other' },
  ])('of another operation is no launch: $event', ({ event, publisher, name }) => {
    const payload = publisher.includes(':') ? versioned({ uuid: INSTANCE }) : { instance_id: INSTANCE }
    expect(send({ event, publisher, payload })).toMatchObject({ name, requestMeaning: 'other', attributes: { event } })
  })

  test('that is named after a function is an error of that function', () => {
    const payload = { exception: "{'message': 'no disk', 'class': 'DiskFull'}", args: { instance: { uuid: INSTANCE } } }
    const sent = { event: 'build_and_run_instance', publisher: 'compute.compute-1', payload }
    expect(send({ ...sent, priority: 'ERROR' })).toMatchObject({
      name: 'notif.nova.l.wrap_exception',
      instances: [INSTANCE],
      attributes: { event: 'build_and_run_instance', exception: 'DiskFull', exception_text: 'no disk' },
    })
    expect(send(sent)).toBeUndefined()
  })

  test('of a router port names no instance', () => {
    const port = { id: OTHER, device_id: INSTANCE, device_owner: 'network:router_interface' }
    expect(send({ event: 'port.create.end', publisher: 'network.c', payload: { port } })).toMatchObject({
      ports: [OTHER],
      instances: [],
    })
  })

  test('of many ports names all of them', () => {
    const ports = [{ id: OTHER, device_id: INSTANCE }, { id: INSTANCE }]
    expect(send({ event: 'port.create.end', publisher: 'network.c', payload: { ports } })?.ports).toEqual([
      OTHER,
      INSTANCE,
    ])
  })

  test('of a backend is told by its host, of glance by nobody', () => {
    expect(
      send({ event: 'volume.create.end', publisher: 'volume.c1@lvm#pool', payload: { volume_id: OTHER } }),
    ).toMatchObject({
      host: 'c1',
      service: 'cinder-volume',
      volumes: [OTHER],
    })
    expect(send({ event: 'image.send', publisher: 'image.localhost', payload: { image_id: OTHER } })).toMatchObject({
      host: '',
      requestMeaning: 'none',
    })
  })

  test('that is not catalogued states nothing', () => {
    expect(send({ event: 'keypair.create.end', publisher: 'api.c', payload: {} })).toBeUndefined()
  })

  test('in a log is the fact that it is on the bus', () => {
    const body = {
      message_id: 'm1',
      event_type: 'compute.instance.create.end',
      publisher_id: 'compute.compute-1',
      priority: 'INFO',
    }
    const message = JSON.stringify({
      ...body,
      payload: { instance_id: INSTANCE },
      timestamp: '2026-11-20 05:16:03.691302',
    })
    const said = record({
      logger: 'oslo.messaging.notification.compute.instance.create.end',
      instance: '',
      user: 'u1',
      project: 'p1',
      message,
    })
    const sent = send({ event: body.event_type, publisher: body.publisher_id, payload: { instance_id: INSTANCE } })
    expect(createRecogniser(catalogue)(said)).toEqual(sent)
  })
})

test.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
  'a publisher called %s is nothing but a name',
  publisher => {
    const sent = { event_type: 'compute.instance.delete.start', publisher_id: publisher, priority: 'INFO' }
    const payload = { instance_id: INSTANCE }
    const body = JSON.stringify({ ...sent, payload, timestamp: '2026-11-20 05:16:03.691302' })
    expect(recognise(body)?.service).toMatch(/^nova-/)
  },
)
