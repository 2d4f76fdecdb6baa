import type { Field } from '../catalogue/line.ts'
import { readLiteral } from '../catalogue/literal.ts'
import { listOf, objectOf, textOf } from './notification.ts'
import type { JsonObject } from './notification.ts'

/** What cinder says about a volume. Connection info and provider secrets are never looked at. */
export function cinderFields(payload: JsonObject): readonly Field[] {
  const spec = objectOf(payload['request_spec'])
  const fields: readonly Field[] = [
    ['volume', textOf(payload['volume_id']) || textOf(spec['volume_id'])],
    ['project', textOf(payload['tenant_id'])],
    ['user', textOf(payload['user_id'])],
    ['status', textOf(payload['status']) || textOf(payload['state'])],
    ['size_gb', textOf(payload['size'])],
    ['backend', textOf(payload['host'])],
    ['image', imageOf(payload) || textOf(spec['image_id'])],
    ...listOf(payload['volume_attachment']).flatMap(attachment => attachmentFields(objectOf(attachment))),
    ...reasonFields(payload['reason']),
  ]
  return fields.filter(([, value]) => value !== '')
}

function attachmentFields(attachment: JsonObject): readonly Field[] {
  return [
    ['instance', textOf(attachment['instance_uuid'])],
    ['attachment', textOf(attachment['id'])],
  ]
}

function imageOf(payload: JsonObject): string {
  const entries = listOf(payload['glance_metadata']).map(objectOf)
  return textOf(entries.find(entry => entry['key'] === 'image_id')?.['value'])
}

function reasonFields(reason: unknown): readonly Field[] {
  if (typeof reason === 'string' && !reason.startsWith('{')) return [['exception_text', reason]]
  const read = objectOf(typeof reason === 'string' ? readLiteral(reason) : reason)
  return [
    ['exception', textOf(read['class'])],
    ['exception_text', textOf(read['message']) || textOf(read['msg'])],
  ]
}
