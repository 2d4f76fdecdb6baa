import { logSignals } from '../entry.ts'
import { novaEvents } from '../extract.ts'
import { hidden, requestId, word } from '../hole.ts'
import { line } from '../line.ts'

/** What neutron-server says of the events that it sends to nova. */
export const novaEventSignals = logSignals([
  {
    id: 'neutron.nova.send',
    services: ['neutron-server'],
    loggers: ['neutron.notifiers.nova'],
    messages: [line`Sending events: ${hidden()}`],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'neutron/notifiers/nova.py Notifier.send_events',
    requestMeaning: 'none',
    steps: ['A38', 'M5'],
    means: 'Neutron tells nova what became of ports, in batches up to two seconds apart.',
    extract: novaEvents,
    examples: [
      {
        message:
          "Sending events: [{'name': 'network-changed', 'server_uuid': '8f3bf7a8-497b-432f-ab6d-17a9a3b5b3bd', 'tag': 'cdc5fc69-dfd6-4121-b112-323b2a07f565'}, {'server_uuid': 'bd7d2119-8896-40b6-8124-52cf9008a230', 'name': 'network-vif-plugged', 'status': 'completed', 'tag': 'f89885e6-caa5-4022-b395-fc7e06bcdfb5'}, {'name': 'network-changed', 'server_uuid': 'd91302a9-90ea-4f0d-b299-a02790bb4c7e', 'tag': '0118a0f7-8fd9-47f4-a9c5-38d6dec397c6'}]",
        fields: {
          instances:
            '8f3bf7a8-497b-432f-ab6d-17a9a3b5b3bd bd7d2119-8896-40b6-8124-52cf9008a230 d91302a9-90ea-4f0d-b299-a02790bb4c7e',
          ports:
            'cdc5fc69-dfd6-4121-b112-323b2a07f565 f89885e6-caa5-4022-b395-fc7e06bcdfb5 0118a0f7-8fd9-47f4-a9c5-38d6dec397c6',
          event: 'network-changed',
          event_status: 'completed',
        },
      },
    ],
    notThis: ['device_id is not set on port ff18bfa7-c085-40e2-93f1-def147ce44f5 yet.'],
  },
  {
    id: 'neutron.nova.response',
    services: ['neutron-server'],
    loggers: ['neutron.notifiers.nova'],
    messages: [
      line`Nova event matching ['${requestId('nova_request')}'] response: ${hidden()}`,
      line`Nova event matching ${word('nova_request')} response: ${hidden()}`,
      line`Nova event response: ${hidden()}`,
    ],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'neutron/notifiers/nova.py Notifier.send_events',
    requestMeaning: 'none',
    steps: ['A38', 'M5'],
    means: "Nova took neutron's event; joins neutron, nova-api and nova-compute by the request id.",
    extract: novaEvents,
    examples: [
      {
        message:
          "Nova event matching ['req-d75e7401-aab3-4618-8961-0e1cd017fdb2'] response: {'name': 'network-changed', 'server_uuid': '3ad2470e-67a3-40d6-8339-f493c8778054', 'tag': '918e67fe-7c46-4992-9566-9b49b1fe7e39', 'status': 'completed', 'code': 200}",
        fields: {
          instances: '3ad2470e-67a3-40d6-8339-f493c8778054',
          ports: '918e67fe-7c46-4992-9566-9b49b1fe7e39',
          nova_request: 'req-d75e7401-aab3-4618-8961-0e1cd017fdb2',
          event: 'network-changed',
          event_status: 'completed',
          code: '200',
        },
      },
      {
        message: 'Nova event matching compute-1 response: {}',
        fields: { nova_request: 'compute-1' },
        fromTemplate: true,
      },
      { message: 'Nova event response: {}', fields: {}, fromTemplate: true },
    ],
    notThis: ['device_id is not set on port ff18bfa7-c085-40e2-93f1-def147ce44f5 yet.'],
  },
  {
    id: 'neutron.nova.failed',
    services: ['neutron-server'],
    loggers: ['neutron.notifiers.nova'],
    messages: [
      line`Nova event matching ['${requestId('nova_request')}']: ${hidden()} returned with failed status`,
      line`Nova event matching ${word('nova_request')} ${hidden()} returned with failed status`,
      line`Nova event: ${hidden()} returned with failed status`,
    ],
    level: 'WARNING',
    releases: 'mitaka…master',
    upstream: 'neutron/notifiers/nova.py Notifier.send_events',
    requestMeaning: 'none',
    steps: ['M5'],
    means: "Nova refused neutron's event: the instance is unknown (404) or has no host yet (422).",
    extract: novaEvents,
    examples: [
      {
        message:
          "Nova event matching ['req-9afb652e-642d-4d6e-9930-04e8437148ee']: {'name': 'network-changed', 'server_uuid': '73a8a098-22b0-4b4f-a363-e42f0d232c8f', 'tag': 'aae7e48f-d072-43e8-8e3b-cf49b0e2cecf', 'status': 'failed', 'code': 422} returned with failed status",
        fields: {
          instances: '73a8a098-22b0-4b4f-a363-e42f0d232c8f',
          ports: 'aae7e48f-d072-43e8-8e3b-cf49b0e2cecf',
          nova_request: 'req-9afb652e-642d-4d6e-9930-04e8437148ee',
          event: 'network-changed',
          event_status: 'failed',
          code: '422',
        },
      },
      {
        message: 'Nova event matching compute-1 {} returned with failed status',
        fields: { nova_request: 'compute-1' },
        fromTemplate: true,
      },
      { message: 'Nova event: {} returned with failed status', fields: {}, fromTemplate: true },
    ],
    notThis: ['device_id is not set on port ff18bfa7-c085-40e2-93f1-def147ce44f5 yet.'],
  },
  {
    id: 'neutron.nova.error',
    services: ['neutron-server'],
    loggers: ['neutron.notifiers.nova'],
    messages: [line`Failed to notify nova on events: ${hidden()}`],
    level: 'ERROR',
    releases: 'mitaka…master',
    upstream: 'neutron/notifiers/nova.py Notifier.send_events',
    requestMeaning: 'none',
    steps: ['M5'],
    means: 'Neutron could not reach nova: its wait for the port will time out.',
    extract: novaEvents,
    examples: [{ message: 'Failed to notify nova on events: {}', fields: {}, fromTemplate: true }],
    notThis: ['device_id is not set on port ff18bfa7-c085-40e2-93f1-def147ce44f5 yet.'],
  },
])
