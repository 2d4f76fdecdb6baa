import { logSignals } from './entry.ts'
import { urlIds } from './extract.ts'
import { hidden, name, path, uuid, word } from './hole.ts'
import { line } from './line.ts'

/** What placement says about a launch. */
export const placement = logSignals([
  {
    id: 'placement.request.start',
    services: ['placement'],
    loggers: ['placement.requestlog', 'nova.api.openstack.placement.requestlog'],
    messages: [line`Starting request: ${word('client')} "${name('method')} ${path('')}"`],
    level: 'DEBUG',
    releases: 'stein…master',
    upstream: 'placement/requestlog.py RequestLog.__call__',
    requestMeaning: 'launch',
    steps: ['M2', 'M3'],
    means: 'Placement begins to serve a call.',
    extract: urlIds,
    examples: [
      {
        message: 'Starting request: 10.20.0.11 "GET /allocations/b075536a-086f-4823-8428-cfb6a2ea600f"',
        fields: {
          instances: 'b075536a-086f-4823-8428-cfb6a2ea600f',
          client: '10.20.0.11',
          method: 'GET',
          path: '/allocations/b075536a-086f-4823-8428-cfb6a2ea600f',
        },
      },
    ],
    notThis: ['10.20.0.22 "GET /" status: 200 len: 136 microversion: 1.0'],
  },
  {
    id: 'placement.wrote',
    services: ['placement'],
    loggers: ['placement.handlers.allocation', 'nova.api.openstack.placement.handlers.allocation'],
    messages: [line`Successfully wrote allocations ${hidden()}`],
    level: 'DEBUG',
    releases: 'stein…master',
    upstream: 'placement/handlers/allocation.py _set_allocations_for_consumer._update_consumers_and_create_allocations',
    requestMeaning: 'launch',
    steps: ['M3'],
    means: 'Placement stored the claim of an instance.',
    examples: [
      {
        message:
          'Successfully wrote allocations [<placement.objects.allocation.Allocation object at 0x7f043b041690>, <placement.objects.allocation.Allocation object at 0x7f043b8ce210>]',
        fields: {},
      },
    ],
    notThis: [],
  },
  {
    id: 'placement.over_capacity',
    services: ['placement'],
    loggers: [
      'placement.objects.allocation',
      'placement.objects.resource_provider',
      'nova.api.openstack.placement.objects.resource_provider',
    ],
    messages: [
      line`Over capacity for ${name('resource_class')} on resource provider ${uuid('provider')}. Needed: ${word('needed')}, Used: ${word('used')}, Capacity: ${word('capacity')}`,
    ],
    level: 'WARNING',
    releases: 'stein…master',
    upstream: 'placement/objects/allocation.py _check_capacity_exceeded',
    requestMeaning: 'launch',
    steps: ['M3'],
    means: 'Another launch was faster on this host: the claim is refused.',
    examples: [
      {
        message:
          'Over capacity for value on resource provider b075536a-086f-4823-8428-cfb6a2ea600f. Needed: compute-1, Used: compute-1, Capacity: compute-1',
        fields: {
          resource_class: 'value',
          provider: 'b075536a-086f-4823-8428-cfb6a2ea600f',
          needed: 'compute-1',
          used: 'compute-1',
          capacity: 'compute-1',
        },
        fromTemplate: true,
      },
    ],
    notThis: ['Retrying allocations write on resource provider generation conflict'],
  },
])
