import type { Field } from '../catalogue/line.ts'
import { readLiteral } from '../catalogue/literal.ts'
import { listOf, objectOf, textOf } from './notification.ts'
import type { JsonObject } from './notification.ts'

/** The members of a versioned object (nova: nova/notifications/objects/base.py); an empty object when it is none. */
function dataOf(value: unknown): JsonObject {
  return objectOf(objectOf(value)['nova_object.data'])
}

/** What a versioned payload of nova says: instance events, state updates, scheduling, conductor tasks, exceptions. */
export function novaVersionedFields(payload: JsonObject): readonly Field[] {
  const data = dataOf(payload)
  return present([
    ['instance', textOf(data['uuid']) || soleInstance(data['instance_uuid'], data['num_instances'])],
    ['project', textOf(data['tenant_id']) || textOf(data['project_id'])],
    ['user', textOf(data['user_id'])],
    ['request', textOf(data['request_id'])],
    ['count', textOf(data['num_instances'])],
    ['image', textOf(data['image_uuid']) || imageOf(data)],
    ['flavor', textOf(dataOf(data['flavor'])['name'])],
    ['domain', textOf(data['instance_name'])],
    ...stateFields(dataOf(data['state_update'])),
    ...commonFields(data),
    ['task_state', textOf(data['task_state'])],
    ...listOf(data['ip_addresses']).flatMap(address => addressFields(dataOf(address))),
    ...listOf(data['block_devices']).map(device => ['volume', textOf(dataOf(device)['volume_id'])] as const),
    ...faultFields(faultOf(data)),
  ])
}

/** A request to schedule several instances names the first one only, and is about them all. */
function soleInstance(uuid: unknown, count: unknown): string {
  return Number(textOf(count)) > 1 ? '' : textOf(uuid)
}

function imageOf(data: JsonObject): string {
  const spec = dataOf(data['request_spec'])
  return textOf(dataOf(data['image'])['id']) || textOf(dataOf(spec['image'])['id'])
}

function stateFields(update: JsonObject): readonly Field[] {
  return [
    ['old_state', textOf(update['old_state'])],
    ['state', textOf(update['state'])],
    ['old_task_state', textOf(update['old_task_state'])],
    ['task_state', textOf(update['new_task_state'])],
  ]
}

/** Members that both forms call the same. `host` is where the instance is being built, not who speaks. */
function commonFields(payload: JsonObject): readonly Field[] {
  return [
    ['state', textOf(payload['state'])],
    ['build_host', textOf(payload['host'])],
    ['node', textOf(payload['node'])],
    ['availability_zone', textOf(payload['availability_zone'])],
    ['display_name', textOf(payload['display_name'])],
    ['reservation', textOf(payload['reservation_id'])],
    ['created_at', momentOf(payload['created_at'])],
    ['launched_at', momentOf(payload['launched_at'])],
    ['deleted_at', momentOf(payload['deleted_at'])],
  ]
}

/** Payload dates are UTC with or without saying so; here they always say so. */
function momentOf(value: unknown): string {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)/.exec(textOf(value))
  return parts === null ? '' : `${parts[1] ?? ''}T${parts[2] ?? ''}Z`
}

function addressFields(address: JsonObject): readonly Field[] {
  return [
    ['port', textOf(address['port_uuid'])],
    ['mac', textOf(address['mac'])],
    ['devname', textOf(address['device_name'])],
  ]
}

/** Instance payloads carry a fault, conductor tasks a reason, compute.exception is one itself. */
function faultOf(data: JsonObject): JsonObject {
  const fault = dataOf(data['fault'])
  const reason = dataOf(data['reason'])
  return 'exception' in fault ? fault : 'exception' in reason ? reason : data
}

function faultFields(fault: JsonObject): readonly Field[] {
  if (!('exception_message' in fault)) return []
  return [
    ['exception', textOf(fault['exception']).replace(/_Remote$/, '')],
    ['exception_text', reasonOf(textOf(fault['exception_message']))],
    ['function', textOf(fault['function_name'])],
    ['module', textOf(fault['module_name'])],
  ]
}

/** The text of an exception that came over RPC goes on with its traceback. */
function reasonOf(text: string): string {
  const traceback = text.indexOf('\nTraceback (most recent call last)')
  return (traceback < 0 ? text : text.slice(0, traceback)).trim()
}

/** What an unversioned payload of nova says. The deep members that carry the user's live token are never looked at. */
export function novaLegacyFields(payload: JsonObject): readonly Field[] {
  const spec = objectOf(payload['request_spec'])
  const properties = objectOf(spec['instance_properties'])
  const argument = objectOf(objectOf(payload['args'])['instance'])
  return present([
    ...['instance_id', 'instance_uuid'].map(name => ['instance', textOf(payload[name])] as const),
    ['instance', soleInstance(properties['uuid'], spec['num_instances'])],
    ...listOf(spec['instance_uuids']).map(id => ['instance', textOf(id)] as const),
    ['instance', textOf(argument['uuid']) || textOf(dataOf(argument)['uuid'])],
    ['project', textOf(payload['tenant_id']) || textOf(properties['project_id'])],
    ['user', textOf(payload['user_id']) || textOf(properties['user_id'])],
    ['count', textOf(spec['num_instances'])],
    ['image', textOf(objectOf(payload['image_meta'])['base_image_ref']) || textOf(objectOf(spec['image'])['id'])],
    ['image_name', textOf(payload['image_name'])],
    ['flavor', textOf(payload['instance_type']) || textOf(objectOf(spec['instance_type'])['name'])],
    ['old_state', textOf(payload['old_state'])],
    ...commonFields(payload),
    ['asked_at', askedAt(properties)],
    ['old_task_state', textOf(payload['old_task_state'])],
    ['task_state', textOf(payload['new_task_state']) || textOf(payload['state_description'])],
    ['method', textOf(payload['method'])],
    ['chosen_host', textOf(objectOf(payload['weighted_host'])['host'])],
    ...listOf(payload['fixed_ips']).map(address => ['mac', textOf(objectOf(address)['vif_mac'])] as const),
    ...legacyFault(payload),
  ])
}

/**
 * When nova-api took the request: the context that made the PCI requests is sent along with them, whole (nova:
 * nova/objects/request_spec.py, to_legacy_request_spec_dict). Beside it stands the user's token, which is not looked at.
 */
function askedAt(properties: JsonObject): string {
  return momentOf(objectOf(objectOf(properties['pci_requests'])['_context'])['timestamp'])
}

function legacyFault(payload: JsonObject): readonly Field[] {
  const raised = payload['exception'] ?? payload['reason']
  const read = objectOf(typeof raised === 'string' ? readRepr(raised) : raised)
  const words = typeof raised === 'string' && !raised.startsWith('{') ? raised : textOf(read['message'])
  return [
    ['exception', textOf(read['class']).replace(/_Remote$/, '')],
    ['exception_text', reasonOf(words)],
    ['code', textOf(payload['code'])],
  ]
}

/** Exceptions are sent as the repr of a dict (oslo.messaging's JSON falls back to it). */
function readRepr(text: string): unknown {
  return text.startsWith('{') ? readLiteral(text) : undefined
}

function present(fields: readonly Field[]): readonly Field[] {
  return fields.filter(([, value]) => value !== '')
}
