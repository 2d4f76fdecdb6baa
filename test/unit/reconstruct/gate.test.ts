import { expect, test } from 'vitest'
import type { Launch } from '../../../src/core/launch.ts'
import type { Signal } from '../../../src/core/signal.ts'
import { requestOf, uuidOf } from '../../support/store.ts'
import { INSTANCE, launchesOf, posted, REQUEST, saidOf, say } from './story.ts'

/* A client may send any id as its global one and may name any instance in its own calls. */

const OWNER = '11111111111111111111111111111111'
const SERVICES = '22222222222222222222222222222222'
const STRANGER = '33333333333333333333333333333333'
const CONTROLLER = { host: 'controller-1' }

const placed = say(0.8, 'access.placement.claim', {
  ...CONTROLLER,
  service: 'placement-api',
  project: SERVICES,
  request: requestOf('placement'),
  globalRequest: REQUEST,
  attributes: { method: 'PUT', path: `/allocations/${INSTANCE}`, status: '204' },
})

const victim: readonly Signal[] = [
  posted(0.5, '202', { project: OWNER }),
  placed,
  say(1, 'nova.compute.claim.ok', { project: OWNER }),
  say(5, 'nova.compute.build.took', { project: OWNER, attributes: { took_seconds: '4.2' } }),
]

function victimOf(signals: readonly Signal[]): Launch | undefined {
  return launchesOf(signals).find(({ instanceId }) => instanceId === INSTANCE)
}

const stranger = { ...CONTROLLER, project: STRANGER, request: requestOf('the stranger'), globalRequest: REQUEST }

test.each<[string, Signal]>([
  [
    'a download from glance',
    say(1.2, 'access.glance.download', {
      ...stranger,
      service: 'glance-api',
      instances: [],
      attributes: { method: 'GET', path: `/v2/images/${uuidOf('image')}/file`, status: '200', took_seconds: '0.1' },
    }),
  ],
  [
    'a port',
    say(1.3, 'access.neutron.port_create', {
      ...stranger,
      service: 'neutron-server',
      instances: [],
      attributes: { method: 'POST', path: '/v2.0/ports', status: '201', took_seconds: '0.1' },
    }),
  ],
  [
    'a volume',
    say(1.4, 'cinder.api.create', { ...stranger, service: 'cinder-api', instances: [], volumes: [uuidOf('volume')] }),
  ],
  [
    "a port that names the victim's instance as its device",
    say(1.5, 'notif.neutron.port.create.end', {
      ...stranger,
      globalRequest: '',
      service: 'neutron-server',
      source: 'notification',
      ports: [uuidOf('port')],
    }),
  ],
])("a stranger's call under the victim's request id changes nothing: %s", (_what, call) => {
  expect(victimOf([...victim, call])).toEqual(victimOf(victim))
})

test("a stranger's create under the victim's request id takes nothing from the victim's launch", () => {
  const local = requestOf("the stranger's create")
  const create = posted(0.6, '202', { project: STRANGER, request: local, globalRequest: REQUEST })
  const other = saidOf(placed, { request: requestOf('their placement'), instances: [uuidOf('their instance')] })
  const both = launchesOf([...victim, create, other])
  expect(both.find(({ instanceId }) => instanceId === INSTANCE)).toEqual(victimOf(victim))
})

test("the cloud's own services and the owner may call under the request id", () => {
  const shown = saidOf(placed, { name: 'access.placement.candidates', instances: [], request: requestOf('candidates') })
  const image = say(0.2, 'access.glance.show', {
    ...CONTROLLER,
    service: 'glance-api',
    project: OWNER,
    instances: [],
    attributes: { method: 'GET', path: `/v2/images/${uuidOf('image')}`, status: '200', took_seconds: '0.1' },
  })
  expect(victimOf([...victim, shown, image])?.signals).toBe((victimOf(victim)?.signals ?? 0) + 2)
})
