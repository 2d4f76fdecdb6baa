/** A value of OTLP without its wrapping. */
export type PlainObject = Readonly<Record<string, unknown>>

/** Values in values; what lies deeper is left out. Shippers nest two or three levels. */
const MAX_DEPTH = 12

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The text of a field, and of a number; empty when it is absent or something else. */
export function textOf(object: PlainObject, ...names: readonly string[]): string {
  for (const name of names) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
  }
  return ''
}

/** Takes the wrapping off an `AnyValue`; undefined for what is none, or too deep. */
export function unwrapValue(wrapped: unknown, depth = 0): unknown {
  if (!isObject(wrapped) || depth > MAX_DEPTH) return undefined
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = wrapped
  if (typeof stringValue === 'string') return stringValue
  if (typeof boolValue === 'boolean') return boolValue
  if (intValue !== undefined) return toNumber(intValue)
  if (typeof doubleValue === 'number') return doubleValue
  if (isObject(arrayValue)) return listOf(arrayValue['values']).map(each => unwrapValue(each, depth + 1))
  if (isObject(kvlistValue)) return unwrapPairs(kvlistValue['values'], depth + 1)
  return typeof bytesValue === 'string' ? Buffer.from(bytesValue, 'base64').toString('utf8') : undefined
}

/** Takes the wrapping off a list of `KeyValue`s. Of several under one key the last counts. */
export function unwrapPairs(pairs: unknown, depth = 0): PlainObject {
  const entries = listOf(pairs).flatMap(pair => {
    // Protobuf leaves out an empty key.
    return isObject(pair) ? [[textOf(pair, 'key'), unwrapValue(pair['value'], depth)] as const] : []
  })
  return Object.fromEntries(entries)
}

/** 64 bits come as text; what does not fit a number stays text. */
function toNumber(value: unknown): unknown {
  if (typeof value === 'number') return value
  const number = typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? Number(value) : undefined
  return Number.isSafeInteger(number) ? number : value
}
