import type { Field } from '../catalogue/line.ts'
import { objectOf, textOf } from './notification.ts'
import type { JsonObject } from './notification.ts'

/** What glance says when an image has gone out. Its context is empty: who fetched it is all there is. */
export function glanceFields(payload: JsonObject): readonly Field[] {
  return [
    ['image', textOf(payload['image_id'])],
    ['bytes', textOf(payload['bytes_sent'])],
    ['project', textOf(payload['receiver_tenant_id'])],
    ['user', textOf(payload['receiver_user_id'])],
  ]
}

/** What keystone says about a login, in CADF (keystone: keystone/notifications.py). */
export function keystoneFields(payload: JsonObject): readonly Field[] {
  const initiator = objectOf(payload['initiator'])
  return [
    ['user', textOf(initiator['user_id']) || textOf(initiator['id'])],
    ['request', textOf(initiator['request_id'])],
    ['global_request', textOf(initiator['global_request_id'])],
    ['outcome', textOf(payload['outcome'])],
  ]
}

/** A point of osprofiler's trace. Its `info` holds SQL and arguments and is not looked at. */
export function profilerFields(payload: JsonObject): readonly Field[] {
  return [
    ['profiler_base', textOf(payload['base_id'])],
    ['profiler_parent', textOf(payload['parent_id'])],
    ['profiler_trace', textOf(payload['trace_id'])],
    ['point', textOf(payload['name'])],
  ]
}
