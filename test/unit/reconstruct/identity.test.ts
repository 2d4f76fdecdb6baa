import { expect, test } from 'vitest'
import { requestOf, uuidOf } from '../../support/store.ts'
import { CONDUCTOR, INSTANCE, launchesOf, launchOf, posted, REQUEST, saidOf, say } from './story.ts'

const OTHER_REQUEST = requestOf('another create')
const OTHER = uuidOf('another instance')
const GLOBAL = requestOf("the client's own id")
const FOREIGN = requestOf('an external event')

const built = [
  posted(0.5),
  say(1, 'nova.compute.claim.ok'),
  say(5, 'nova.compute.build.took', { attributes: { took_seconds: '4.2' } }),
]

test('a launch is found by the local id that nova-api made for POST /servers', () => {
  const launch = launchOf(built)
  expect(launch).toMatchObject({ requestId: REQUEST, instanceId: INSTANCE, outcome: 'active' })
  expect(launch.traceId).toBe(REQUEST.slice(4).replaceAll('-', ''))
})

test('a launch keeps its id when an external event takes the context of the build over', () => {
  const taken = [
    posted(0.5),
    say(1, 'nova.compute.claim.ok'),
    say(4, 'nova.compute.spawn.took', { request: FOREIGN, attributes: { took_seconds: '2' } }),
    say(5, 'nova.compute.build.took', { request: FOREIGN, attributes: { took_seconds: '4.2' } }),
  ]
  expect(launchOf(taken)).toMatchObject({ requestId: REQUEST, outcome: 'active' })
  // Without the line of nova-api the first id is the launch's own.
  expect(launchOf(taken.slice(1))).toMatchObject({ requestId: REQUEST, outcome: 'active' })
})

test('two creates that share the global id of a client stay two launches', () => {
  const shared = { globalRequest: GLOBAL }
  const placed = (instance: string): object => ({
    ...shared,
    service: 'placement-api',
    host: 'controller-1',
    instances: [instance],
    request: requestOf(`placement for ${instance}`),
  })
  const one = [posted(0.5, '202', shared), say(0.8, 'access.placement.claim', placed(INSTANCE)), ...built.slice(1)]
  const two = one.map((signal, index) =>
    saidOf(signal, {
      request: index === 1 ? requestOf('placement for the other') : OTHER_REQUEST,
      instances: signal.instances.map(() => OTHER),
    }),
  )
  const launches = launchesOf([...one, ...two])
  expect(launches.map(({ requestId, instanceId }) => [requestId, instanceId])).toEqual(
    expect.arrayContaining([
      [REQUEST, INSTANCE],
      [OTHER_REQUEST, OTHER],
    ]),
  )
  expect(launches).toHaveLength(2)
})

test('the global id of a client is no identity, also where the line of nova-api is missing', () => {
  const claim = say(0.8, 'access.placement.claim', {
    service: 'placement-api',
    host: 'controller-1',
    request: requestOf('placement'),
    globalRequest: GLOBAL,
  })
  expect(launchOf([claim, ...built.slice(1)]).requestId).toBe(REQUEST)
})

test('one request that makes several instances is one trace with a launch for each', () => {
  const sibling = built.slice(1).map(signal => saidOf(signal, { instances: [OTHER] }))
  const launches = launchesOf([...built, ...sibling])
  expect(new Set(launches.map(({ traceId }) => traceId)).size).toBe(1)
  expect(launches.map(({ instanceId }) => instanceId).toSorted()).toEqual([INSTANCE, OTHER].toSorted())
  const roots = launches.flatMap(({ spans }) => spans).filter(({ parentSpanId }) => parentSpanId === '')
  expect(roots).toHaveLength(1)
})

test('a request that was refused is a launch without an instance', () => {
  const launch = launchOf([posted(0.5, '403')])
  expect(launch).toMatchObject({ requestId: REQUEST, instanceId: undefined, outcome: 'error' })
  expect(launch.failure).toMatchObject({ phase: 'api', cause: 'forbidden', service: 'nova-api' })
})

test('a launch whose request id stands nowhere is found by its instance', () => {
  const silent = built.slice(1).map(signal => saidOf(signal, { request: '', requestMeaning: 'none' }))
  expect(launchOf(silent)).toMatchObject({ requestId: '', instanceId: INSTANCE, outcome: 'active' })
})

/* What other operations say on their way through the same code (nova: nova/compute/manager.py). */
const OPERATIONS = {
  unshelve: [
    'nova.compute.other.unshelving',
    'nova.compute.claim.ok',
    'nova.compute.disks.start',
    'nova.compute.spawned',
  ],
  rebuild: ['nova.compute.other.rebuilding', 'nova.compute.disks.start', 'nova.compute.spawned'],
  resize: ['nova.compute.other.migrating', 'nova.compute.claim.ok', 'nova.compute.disks.start'],
  evacuate: [
    'nova.compute.other.evacuating',
    'nova.compute.claim.ok',
    'nova.compute.disks.start',
    'nova.compute.spawned',
  ],
  reboot: ['nova.compute.osvif.plugged', 'nova.compute.lifecycle'],
}

test.each(Object.entries(OPERATIONS))('%s is not a launch', (_, names) => {
  const signals = names.map((name, index) => say(index, name, { request: requestOf('an operation') }))
  const scheduled = say(-1, 'nova.scheduler.selected', { ...CONDUCTOR, request: requestOf('an operation') })
  expect(launchesOf([scheduled, ...signals])).toEqual([])
})

test.each(Object.entries(OPERATIONS))('%s after a launch adds no launch and does not change it', (_, names) => {
  const later = names.map((name, index) => say(600 + index, name, { request: requestOf('an operation') }))
  const { spans, ...before } = launchOf(built)
  const { spans: now, ...after } = launchOf([...built, ...later])
  expect(after).toEqual(before)
  expect(now.length).toBe(spans.length)
})
