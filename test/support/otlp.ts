import protobuf from 'protobufjs/minimal.js'

/** A value of OTLP before its wrapping. */
export type OtlpValue =
  string | number | boolean | Uint8Array | readonly OtlpValue[] | { readonly [key: string]: OtlpValue }

export interface OtlpRecord {
  readonly body?: OtlpValue
  readonly attributes?: Readonly<Record<string, OtlpValue>>
  readonly severityText?: string
  readonly severityNumber?: number
  /** Nanoseconds since the Unix epoch. */
  readonly time?: bigint
}

/** Records of one resource and one scope. */
export interface OtlpGroup {
  readonly resource: Readonly<Record<string, OtlpValue>>
  readonly scope?: string
  readonly records: readonly OtlpRecord[]
}

function isList(value: OtlpValue): value is readonly OtlpValue[] {
  return Array.isArray(value)
}

function toJsonValue(value: OtlpValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') }
  if (isList(value)) return { arrayValue: { values: value.map(toJsonValue) } }
  return { kvlistValue: { values: toJsonPairs(value) } }
}

function toJsonPairs(values: Readonly<Record<string, OtlpValue>>): readonly object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: toJsonValue(value) }))
}

/** An ExportLogsServiceRequest as JSON. */
export function otlpJson(groups: readonly OtlpGroup[]): string {
  const resourceLogs = groups.map(({ resource, scope = '', records }) => ({
    resource: { attributes: toJsonPairs(resource) },
    scopeLogs: [
      {
        scope: { name: scope },
        logRecords: records.map(({ body, attributes = {}, time, ...severity }) => ({
          ...severity,
          ...(time === undefined ? {} : { timeUnixNano: String(time) }),
          ...(body === undefined ? {} : { body: toJsonValue(body) }),
          attributes: toJsonPairs(attributes),
        })),
      },
    ],
  }))
  return JSON.stringify({ resourceLogs })
}

const [VARINT, FIXED64, LENGTH] = [0, 1, 2]

/* The wire format written by hand, so that a wrong field number in the reader cannot hide behind the same one here. */

function message(write: (writer: protobuf.Writer) => void): Uint8Array {
  const writer = protobuf.Writer.create()
  write(writer)
  return writer.finish()
}

function field(writer: protobuf.Writer, id: number, bytes: Uint8Array): void {
  writer.uint32((id << 3) | LENGTH).bytes(bytes)
}

function textField(writer: protobuf.Writer, id: number, text: string): void {
  writer.uint32((id << 3) | LENGTH).string(text)
}

function wireValue(value: OtlpValue): Uint8Array {
  return message(writer => {
    if (typeof value === 'string') textField(writer, 1, value)
    else if (typeof value === 'boolean') writer.uint32((2 << 3) | VARINT).bool(value)
    else if (typeof value === 'number') {
      if (Number.isInteger(value)) writer.uint32((3 << 3) | VARINT).int64(value)
      else writer.uint32((4 << 3) | FIXED64).double(value)
    } else if (value instanceof Uint8Array) field(writer, 7, value)
    else if (isList(value)) {
      const list = message(inner => {
        for (const each of value) field(inner, 1, wireValue(each))
      })
      field(writer, 5, list)
    } else {
      const list = message(inner => {
        wirePairs(inner, 1, value)
      })
      field(writer, 6, list)
    }
  })
}

function wirePairs(writer: protobuf.Writer, id: number, values: Readonly<Record<string, OtlpValue>>): void {
  for (const [key, value] of Object.entries(values)) {
    const pair = message(inner => {
      textField(inner, 1, key)
      field(inner, 2, wireValue(value))
    })
    field(writer, id, pair)
  }
}

function wireTime(writer: protobuf.Writer, id: number, nanos: bigint): void {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(nanos)
  writer
    .uint32((id << 3) | FIXED64)
    .fixed32(bytes.readUInt32LE(0))
    .fixed32(bytes.readUInt32LE(4))
}

function wireRecord({ body, attributes = {}, severityText, severityNumber, time }: OtlpRecord): Uint8Array {
  return message(writer => {
    if (time !== undefined) wireTime(writer, 1, time)
    if (severityNumber !== undefined) writer.uint32((2 << 3) | VARINT).int32(severityNumber)
    if (severityText !== undefined) textField(writer, 3, severityText)
    if (body !== undefined) field(writer, 5, wireValue(body))
    wirePairs(writer, 6, attributes)
    // Flags and a trace id, which nobody here reads.
    writer.uint32((8 << 3) | 5).fixed32(1)
    field(writer, 9, new Uint8Array(16))
  })
}

/** An ExportLogsServiceRequest as protobuf. */
export function otlpProtobuf(groups: readonly OtlpGroup[]): Uint8Array {
  return message(request => {
    for (const { resource, scope = '', records } of groups) {
      const resourceLogs = message(writer => {
        const described = message(inner => wirePairs(inner, 1, resource))
        const scopeLogs = message(inner => {
          field(
            inner,
            1,
            message(scoped => textField(scoped, 1, scope)),
          )
          for (const record of records) field(inner, 2, wireRecord(record))
        })
        field(writer, 1, described)
        field(writer, 2, scopeLogs)
        textField(writer, 3, 'a schema')
      })
      field(request, 1, resourceLogs)
    }
  })
}
