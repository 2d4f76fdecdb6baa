import { logSignals } from './entry.ts'
import { integer, name, quoted, seconds, text, uuid, uuids, word } from './hole.ts'
import { line } from './line.ts'

/** What nova-scheduler says about a launch. */
export const novaScheduler = logSignals([
  {
    id: 'nova.scheduler.start',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.manager'],
    messages: [line`Starting to schedule for instances: ${uuids('instances')}`],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/scheduler/manager.py SchedulerManager.select_destinations',
    requestMeaning: 'launch',
    steps: ['A8', 'B5'],
    means: 'Scheduling begins; lists every instance of the request.',
    examples: [
      {
        message:
          "Starting to schedule for instances: ['06d6733d-9275-48f6-b27c-639fea6d1956', '376edfef-92a9-48b7-b924-c219d69a40b2', '31334f34-8c74-4d01-8df3-ed29de8120a7']",
        fields: {
          instances:
            '06d6733d-9275-48f6-b27c-639fea6d1956 376edfef-92a9-48b7-b924-c219d69a40b2 31334f34-8c74-4d01-8df3-ed29de8120a7',
        },
      },
    ],
    notThis: ['Filtered dict_values([(compute-1, compute-1) ram: 14810MB disk: 36864MB io_ops: 0 instances: 0])'],
  },
  {
    id: 'nova.scheduler.request_filter',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.request_filter'],
    messages: [
      line`Request filter ${quoted('filter')} took ${seconds()} seconds`,
      line`Request filter ${name('filter')} took ${seconds()} seconds`,
    ],
    level: 'DEBUG',
    releases: 'train…master',
    upstream: 'nova/scheduler/request_filter.py trace_request_filter.wrapper',
    requestMeaning: 'launch',
    steps: ['A9', 'M2'],
    means: 'One pre-filter ran before the query to placement.',
    examples: [
      {
        message: "Request filter 'accelerators_filter' took 0.0 seconds",
        fields: { filter: 'accelerators_filter', took_seconds: '0.0' },
      },
      {
        message: 'Request filter ComputeFilter took 1.25 seconds',
        fields: { filter: 'ComputeFilter', took_seconds: '1.25' },
        fromTemplate: true,
      },
    ],
    notThis: ['ephemeral_encryption_filter skipped'],
  },
  {
    id: 'nova.scheduler.no_candidates',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.manager'],
    messages: [line`Got no allocation candidates from the Placement API.`],
    level: 'INFO/DEBUG',
    releases: 'queens…master',
    upstream: 'nova/scheduler/manager.py SchedulerManager.select_destinations',
    requestMeaning: 'launch',
    steps: ['M2'],
    means: 'Placement knows no host with the resources: no valid host.',
    examples: [
      {
        message:
          'Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up.',
        fields: {},
      },
    ],
    notThis: ['Filtered dict_values([(compute-1, compute-1) ram: 14810MB disk: 36864MB io_ops: 0 instances: 0])'],
  },
  {
    id: 'nova.scheduler.filters_start',
    services: ['nova-scheduler'],
    loggers: ['nova.filters'],
    messages: [line`Starting with ${integer('hosts')} host(s)`],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/filters.py BaseFilterHandler.get_filtered_objects',
    requestMeaning: 'launch',
    steps: ['A9', 'A10'],
    means: 'The filters begin with this many hosts.',
    examples: [{ message: 'Starting with 2 host(s)', fields: { hosts: '2' } }],
    notThis: [],
  },
  {
    id: 'nova.scheduler.filter_result',
    services: ['nova-scheduler'],
    loggers: ['nova.filters'],
    messages: [line`Filter ${name('filter')} returned ${integer('hosts')} host(s)`],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/filters.py BaseFilterHandler.get_filtered_objects',
    requestMeaning: 'launch',
    steps: ['A9'],
    means: 'One filter left this many hosts.',
    examples: [{ message: 'Filter ComputeFilter returned 2 host(s)', fields: { filter: 'ComputeFilter', hosts: '2' } }],
    notThis: [],
  },
  {
    id: 'nova.scheduler.filter_zero',
    services: ['nova-scheduler'],
    loggers: ['nova.filters'],
    messages: [line`Filter ${name('filter')} returned 0 hosts`],
    level: 'INFO',
    releases: 'kilo…master',
    upstream: 'nova/filters.py BaseFilterHandler.get_filtered_objects',
    requestMeaning: 'launch',
    steps: ['A9'],
    means: 'This filter left no host: no valid host.',
    examples: [
      { message: 'Filter ComputeFilter returned 0 hosts', fields: { filter: 'ComputeFilter' }, fromTemplate: true },
    ],
    notThis: [],
  },
  {
    id: 'nova.scheduler.filter_summary',
    services: ['nova-scheduler'],
    loggers: ['nova.filters'],
    messages: [
      line`Filtering removed all hosts for the request with instance ID '${uuid('instance')}'. Filter results: ${text('results')}`,
    ],
    level: 'INFO/DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/filters.py BaseFilterHandler.get_filtered_objects',
    requestMeaning: 'launch',
    steps: ['A9'],
    means: 'No host passed; says how many each filter left.',
    examples: [
      {
        message:
          "Filtering removed all hosts for the request with instance ID 'b075536a-086f-4823-8428-cfb6a2ea600f'. Filter results: Maximum exceeded",
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f', results: 'Maximum exceeded' },
        fromTemplate: true,
      },
    ],
    notThis: [],
  },
  {
    id: 'nova.scheduler.filtered',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.manager', 'nova.scheduler.filter_scheduler'],
    messages: [line`Filtered [${text('hosts')}`],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/scheduler/manager.py SchedulerManager._get_sorted_hosts',
    requestMeaning: 'launch',
    steps: ['A9', 'A10'],
    means: 'The hosts that passed all filters.',
    examples: [
      {
        message:
          'Filtered [(compute-1, compute-1) ram: 15322MB disk: 7168MB io_ops: 0 instances: 0, (compute-2, compute-2) ram: 15322MB disk: 7168MB io_ops: 0 instances: 0]',
        fields: {
          hosts:
            '(compute-1, compute-1) ram: 15322MB disk: 7168MB io_ops: 0 instances: 0, (compute-2, compute-2) ram: 15322MB disk: 7168MB io_ops: 0 instances: 0]',
        },
      },
    ],
    notThis: ['Filtered dict_values([(compute-1, compute-1) ram: 14810MB disk: 36864MB io_ops: 0 instances: 0])'],
  },
  {
    id: 'nova.scheduler.weighed',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.manager', 'nova.scheduler.filter_scheduler'],
    messages: [line`Weighed [${text('hosts')}`],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/scheduler/manager.py SchedulerManager._get_sorted_hosts',
    requestMeaning: 'launch',
    steps: ['A9', 'A10'],
    means: 'The hosts in the order of their weights.',
    examples: [
      {
        message:
          'Weighed [WeighedHost [host: (compute-1, compute-1) ram: 14810MB disk: 36864MB io_ops: 0 instances: 0, weight: 0.0]]',
        fields: {
          hosts:
            'WeighedHost [host: (compute-1, compute-1) ram: 14810MB disk: 36864MB io_ops: 0 instances: 0, weight: 0.0]]',
        },
      },
    ],
    notThis: ['Filtered dict_values([(compute-1, compute-1) ram: 14810MB disk: 36864MB io_ops: 0 instances: 0])'],
  },
  {
    id: 'nova.scheduler.claim_try',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.utils', 'nova.scheduler.filter_scheduler'],
    messages: [line`Attempting to claim resources in the placement API for instance ${uuid('instance')}`],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/scheduler/utils.py claim_resources',
    requestMeaning: 'launch',
    steps: ['M3', 'A11'],
    means: 'The scheduler claims resources in placement for one instance.',
    examples: [
      {
        message: 'Attempting to claim resources in the placement API for instance e61c2bc6-09b0-4fd2-9806-15a828540c62',
        fields: { instances: 'e61c2bc6-09b0-4fd2-9806-15a828540c62' },
      },
    ],
    notThis: ["Re-scheduling is disabled due to forcing a host (['compute-1']) and/or node ([])"],
  },
  {
    id: 'nova.scheduler.selected',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.manager', 'nova.scheduler.filter_scheduler'],
    messages: [line`Selected host: (${word('host')}, ${word('node')})`, line`Selected host: ${word('host')}`],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/scheduler/manager.py SchedulerManager._consume_selected_host',
    requestMeaning: 'launch',
    steps: ['A11', 'A12', 'B5'],
    means: 'The host of one instance is chosen.',
    examples: [
      {
        message: 'Selected host: (compute-1, compute-1) ram: 15322MB disk: 7168MB io_ops: 0 instances: 0',
        fields: { host: 'compute-1', node: 'compute-1' },
      },
      { message: 'Selected host: compute-1', fields: { host: 'compute-1' }, fromTemplate: true },
    ],
    notThis: ['Selected hosts: compute-1'],
  },
  {
    id: 'nova.scheduler.claim_none',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.manager', 'nova.scheduler.filter_scheduler'],
    messages: [line`Unable to successfully claim against any host.`],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/scheduler/manager.py SchedulerManager._schedule',
    requestMeaning: 'launch',
    steps: ['M3'],
    means: 'Other launches were faster on every host: no valid host.',
    examples: [{ message: 'Unable to successfully claim against any host.', fields: {}, fromTemplate: true }],
    notThis: ['Filtered dict_values([(compute-1, compute-1) ram: 14810MB disk: 36864MB io_ops: 0 instances: 0])'],
  },
  {
    id: 'nova.scheduler.too_few',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.manager', 'nova.scheduler.filter_scheduler'],
    messages: [
      line`There are ${integer('hosts')} hosts available but ${integer('required_count')} instances requested to build.`,
    ],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/scheduler/manager.py SchedulerManager._ensure_sufficient_hosts',
    requestMeaning: 'launch',
    steps: [],
    means: 'Fewer hosts than instances were left.',
    examples: [
      {
        message: 'There are 2 hosts available but 2 instances requested to build.',
        fields: { hosts: '2', required_count: '2' },
        fromTemplate: true,
      },
    ],
    notThis: ['Filtered dict_values([(compute-1, compute-1) ram: 14810MB disk: 36864MB io_ops: 0 instances: 0])'],
  },
  {
    id: 'nova.scheduler.forced',
    services: ['nova-scheduler'],
    loggers: ['nova.scheduler.host_manager'],
    messages: [
      line`Host filter forcing available hosts to ${text('host')}`,
      line`Host filter forcing available nodes to ${text('node')}`,
    ],
    level: 'INFO',
    releases: 'rocky…master',
    upstream: 'nova/scheduler/host_manager.py HostManager.get_filtered_hosts',
    requestMeaning: 'launch',
    steps: ['A9'],
    means: 'The launch asked for a host: no other one will be tried.',
    examples: [
      { message: 'Host filter forcing available hosts to compute-1', fields: { host: 'compute-1' } },
      {
        message: 'Host filter forcing available nodes to Maximum exceeded',
        fields: { node: 'Maximum exceeded' },
        fromTemplate: true,
      },
    ],
    notThis: ['Host compute-2 has more disk space than database expected (7 GB > 6 GB)'],
  },
])
