import { logSignals } from './entry.ts'
import { serverBody, volumeIds } from './extract.ts'
import { eventName, hidden, integer, name, oneOf, text, uuid, word } from './hole.ts'
import { line } from './line.ts'

/** What nova-api says about a launch. */
export const novaApi = logSignals([
  {
    id: 'nova.api.create.body',
    services: ['nova-api'],
    loggers: ['nova.api.openstack.wsgi'],
    messages: [
      line`Action: 'create', calling method: ${hidden()}, body: ${oneOf('', '{"server"', "{'server'", "{u'server'")}${hidden()}`,
      line`${word('')} 'create', ${hidden()}: ${oneOf('', '{"server"', "{'server'", "{u'server'")}${hidden()}`,
    ],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/api/openstack/wsgi.py Resource._process_stack',
    requestMeaning: 'launch',
    steps: ['A4', 'B2'],
    means: 'Nova-api accepted POST /servers for processing; the body says what is asked for.',
    extract: serverBody,
    examples: [
      {
        message: `Action: 'create', calling method: <bound method ServersController.create of <nova.api.openstack.compute.servers.ServersController object at 0x7f3c9a652e50>>, body: {"server": {"name": "pre-created-port-e8cdacd4", "flavorRef": "f65ca91d-58e7-41b5-bc24-b9b6e662a1c9", "networks": [{"port": "ff18bfa7-c085-40e2-93f1-def147ce44f5"}], "imageRef": "141a7e8e-61d9-482f-89c3-a8bf9dbe9e8d"}}`,
        fields: {
          ports: 'ff18bfa7-c085-40e2-93f1-def147ce44f5',
          display_name: 'pre-created-port-e8cdacd4',
          flavor: 'f65ca91d-58e7-41b5-bc24-b9b6e662a1c9',
          image: '141a7e8e-61d9-482f-89c3-a8bf9dbe9e8d',
        },
      },
      {
        message: `Aktion: 'create', Methode: <bound method ServersController.create>, Inhalt: {"server": {"name": "vm1", "imageRef": "141a7e8e-61d9-482f-89c3-a8bf9dbe9e8d"}}`,
        fields: { display_name: 'vm1', image: '141a7e8e-61d9-482f-89c3-a8bf9dbe9e8d' },
        fromTemplate: true,
      },
    ],
    notThis: [
      'Action: \'create\', calling method: <bound method KeypairController.create>, body: {"keypair": {"name": "key1"}}',
    ],
  },
  {
    id: 'nova.api.going_to_run',
    services: ['nova-api'],
    loggers: ['nova.compute.api'],
    messages: [line`Going to run ${integer('count')} instances...`],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/compute/api.py API._provision_instances',
    requestMeaning: 'launch',
    steps: ['A5', 'B3'],
    means: 'All checks and quotas are passed; says how many instances are launched.',
    examples: [{ message: 'Going to run 1 instances...', fields: { count: '1' } }],
    notThis: ['Going to try to stop instance'],
  },
  {
    id: 'nova.api.bdm',
    services: ['nova-api'],
    loggers: ['nova.compute.api'],
    messages: [line`block_device_mapping ${hidden()}`],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/compute/api.py API._bdm_validate_set_size_and_instance',
    requestMeaning: 'launch',
    steps: ['A5'],
    means: 'The block devices that the API checked for one instance.',
    extract: volumeIds,
    examples: [
      {
        message:
          "block_device_mapping [BlockDeviceMapping(attachment_id=<?>,boot_index=0,connection_info=None,created_at=<?>,delete_on_termination=True,deleted=<?>,deleted_at=<?>,destination_type='volume',device_name=None,device_type=None,disk_bus=None,encrypted=False,encryption_format=None,encryption_options=None,encryption_secret_uuid=***,guest_format=None,id=<?>,image_id=None,instance=<?>,instance_uuid=<?>,no_device=False,snapshot_id=None,source_type='volume',tag=None,updated_at=<?>,uuid=<?>,volume_id='30da9b6f-f959-4c87-842a-f16bad8553fb',volume_size=None,volume_type=None)]",
        fields: { volumes: '30da9b6f-f959-4c87-842a-f16bad8553fb' },
      },
    ],
    notThis: ['Fetching instance by UUID'],
  },
  {
    id: 'nova.api.image_bdm',
    services: ['nova-api'],
    loggers: ['nova.compute.api'],
    messages: [line`Image bdm ${hidden()}`],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/compute/api.py API._prepare_image_mapping',
    requestMeaning: 'launch',
    steps: ['A5'],
    means: 'The block devices that the image asks for.',
    extract: volumeIds,
    examples: [{ message: 'Image bdm {}', fields: {}, fromTemplate: true }],
    notThis: ['Fetching instance by UUID'],
  },
  {
    id: 'nova.api.quota',
    services: ['nova-api'],
    loggers: ['nova.compute.utils'],
    messages: [
      line`${text('overs')} quota exceeded for ${name('quota_project')}, tried to run between ${integer('min_count')} and ${integer('max_count')} instances.`,
      line`${text('overs')} quota exceeded for ${name('quota_project')}, tried to run ${integer('min_count')} instances.`,
      line`${text('overs')} quota exceeded for ${name('quota_project')}`,
    ],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/compute/utils.py check_num_instances_quota',
    requestMeaning: 'launch',
    steps: [],
    means: 'A quota refused the launch.',
    examples: [
      {
        message: 'Maximum exceeded quota exceeded for value, tried to run between 2 and 2 instances.',
        fields: { overs: 'Maximum exceeded', quota_project: 'value', min_count: '2', max_count: '2' },
        fromTemplate: true,
      },
      {
        message:
          'instances quota exceeded for dbb7673321044faaaebf20a6ace3489c, tried to run 1 instances. Cannot run any more instances of this type.',
        fields: { overs: 'instances', quota_project: 'dbb7673321044faaaebf20a6ace3489c', min_count: '1' },
      },
      {
        message: 'Maximum exceeded quota exceeded for value',
        fields: { overs: 'Maximum exceeded', quota_project: 'value' },
        fromTemplate: true,
      },
    ],
    notThis: ['OSError'],
  },
  {
    id: 'nova.api.http_exception',
    services: ['nova-api'],
    loggers: ['nova.api.openstack.wsgi'],
    messages: [line`HTTP exception thrown: ${text('reason')}`, line`Fault thrown: ${text('reason')}`],
    level: 'INFO',
    releases: 'kilo…master',
    upstream: 'nova/api/openstack/wsgi.py ResourceExceptionHandler.__exit__',
    requestMeaning: 'launch',
    steps: [],
    means: 'An API call was answered with a client error.',
    examples: [
      {
        message: 'HTTP exception thrown: Can not find requested image',
        fields: { reason: 'Can not find requested image' },
      },
      { message: 'Fault thrown: Maximum exceeded', fields: { reason: 'Maximum exceeded' }, fromTemplate: true },
    ],
    notThis: ['Returning 400 to user: Can not find requested image'],
  },
  {
    id: 'nova.api.unexpected',
    services: ['nova-api'],
    loggers: ['nova.api.openstack.wsgi'],
    messages: [line`Unexpected exception in API method`],
    level: 'ERROR',
    releases: 'kilo…master',
    upstream: 'nova/api/openstack/wsgi.py expected_errors.decorator.wrapped',
    requestMeaning: 'launch',
    steps: [],
    means: 'Nova-api failed: the launch is answered with 500.',
    examples: [
      {
        message:
          'Unexpected exception in API method: nova.exception.GlanceConnectionFailed: Connection to glance host http://10.20.0.11:9292 failed: Error finding address for http://10.20.0.11:9292/v2/images/141a7e8e-61d9-482f-89c3-a8bf9dbe9e8d: Unable to establish connection to http://10.20.0.11:9292/v2/images/141a7e8e-61d9-482f-89c3-a8bf9dbe9e',
        fields: {
          exception: 'nova.exception.GlanceConnectionFailed',
          exception_text:
            'Connection to glance host http://10.20.0.11:9292 failed: Error finding address for http://10.20.0.11:9292/v2/images/141a7e8e-61d9-482f-89c3-a8bf9dbe9e8d: Unable to establish connection to http://10.20.0.11:9292/v2/images/141a7e8e-61d9-482f-89c3-a8bf9dbe9e',
        },
      },
    ],
    notThis: ['Returning 400 to user: Can not find requested image'],
  },
  {
    id: 'nova.api.local_delete',
    services: ['nova-api'],
    loggers: ['nova.compute.api'],
    messages: [
      line`Instance deleted and does not have host field, its vm_state is ${name('vm_state')}`,
      line`Instance is already in deleting state, ignoring this request`,
      line`instance's host ${word('down_host')} is down, deleting from database`,
    ],
    level: 'INFO/WARNING',
    releases: 'kilo…master',
    upstream: 'nova/compute/api.py API._delete',
    requestMeaning: 'other',
    steps: [],
    means: 'An instance without a living host is deleted, during or after a failed build.',
    examples: [
      {
        message: 'Instance deleted and does not have host field, its vm_state is building',
        fields: { vm_state: 'building' },
        fromTemplate: true,
      },
      { message: 'Instance is already in deleting state, ignoring this request', fields: {}, fromTemplate: true },
      {
        message: "instance's host None is down, deleting from database",
        level: 'WARNING',
        fields: { down_host: 'None' },
      },
    ],
    notThis: ['Instance Mapping does not exist while attempting local delete cleanup.'],
  },
  {
    id: 'nova.api.external_event',
    services: ['nova-api'],
    loggers: [
      'nova.api.openstack.compute.server_external_events',
      'nova.api.openstack.compute.contrib.server_external_events',
    ],
    messages: [
      line`Creating event ${eventName('event')}:${word('tag')} for instance ${uuid('instance')} on ${word('host')}`,
      line`Creating event ${eventName('event')}:${word('tag')} for instance ${uuid('instance')}`,
    ],
    level: 'INFO',
    releases: 'kilo…master',
    upstream: 'nova/api/openstack/compute/server_external_events.py ServerExternalEventsController.create',
    requestMeaning: 'other',
    steps: ['A38', 'M5'],
    means: 'Neutron told nova about a port; joins port, instance and host.',
    examples: [
      {
        message:
          'Creating event network-changed:918e67fe-7c46-4992-9566-9b49b1fe7e39 for instance 3ad2470e-67a3-40d6-8339-f493c8778054 on compute-2',
        fields: {
          instances: '3ad2470e-67a3-40d6-8339-f493c8778054',
          ports: '918e67fe-7c46-4992-9566-9b49b1fe7e39',
          event: 'network-changed',
          host: 'compute-2',
        },
      },
      {
        message:
          'Creating event network-vif-plugged:8f6cc85e-bb9a-439f-8da0-091f380dee2e for instance b075536a-086f-4823-8428-cfb6a2ea600f',
        fields: {
          instances: 'b075536a-086f-4823-8428-cfb6a2ea600f',
          ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e',
          event: 'network-vif-plugged',
        },
        fromTemplate: true,
      },
    ],
    notThis: [],
  },
  {
    id: 'nova.api.external_event.no_host',
    services: ['nova-api'],
    loggers: [
      'nova.api.openstack.compute.server_external_events',
      'nova.api.openstack.compute.contrib.server_external_events',
    ],
    messages: [
      line`Unable to find a host for instance ${uuid('instance')}. Dropping event ${eventName('event')}-${uuid('tag')}`,
      line`Unable to find a host for instance ${uuid('instance')}. Dropping event ${word('event')}`,
    ],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/api/openstack/compute/server_external_events.py ServerExternalEventsController.create',
    requestMeaning: 'other',
    steps: [],
    means: "Neutron's event came before the claim or after a reschedule.",
    examples: [
      {
        message:
          'Unable to find a host for instance b075536a-086f-4823-8428-cfb6a2ea600f. Dropping event network-vif-plugged-8f6cc85e-bb9a-439f-8da0-091f380dee2e',
        fields: {
          instances: 'b075536a-086f-4823-8428-cfb6a2ea600f',
          ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e',
          event: 'network-vif-plugged',
        },
        fromTemplate: true,
      },
      {
        message:
          'Unable to find a host for instance 6006d7b0-56ae-4f98-a34c-c9e16e050e86. Dropping event network-changed',
        fields: { instances: '6006d7b0-56ae-4f98-a34c-c9e16e050e86', event: 'network-changed' },
      },
    ],
    notThis: [],
  },
  {
    id: 'nova.api.external_event.unknown',
    services: ['nova-api'],
    loggers: [
      'nova.api.openstack.compute.server_external_events',
      'nova.api.openstack.compute.contrib.server_external_events',
    ],
    messages: [line`Dropping event ${eventName('event')}:${word('tag')} for unknown instance ${uuid('instance')}`],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/api/openstack/compute/server_external_events.py ServerExternalEventsController.create',
    requestMeaning: 'other',
    steps: [],
    means: "Neutron's event names an instance that nova does not know.",
    examples: [
      {
        message:
          'Dropping event network-vif-plugged:8f6cc85e-bb9a-439f-8da0-091f380dee2e for unknown instance b075536a-086f-4823-8428-cfb6a2ea600f',
        fields: {
          instances: 'b075536a-086f-4823-8428-cfb6a2ea600f',
          ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e',
          event: 'network-vif-plugged',
        },
        fromTemplate: true,
      },
    ],
    notThis: [],
  },
])
