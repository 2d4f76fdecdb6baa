import protobuf from 'protobufjs/light.js'

/**
 * What is read of OTLP's messages (opentelemetry-proto: opentelemetry/proto/collector/logs/v1/logs_service.proto, logs.proto,
 * common.proto), under their own field numbers. What is not listed is passed over.
 */
const MESSAGES = {
  nested: {
    LogsRequest: { fields: { resourceLogs: { rule: 'repeated', type: 'ResourceLogs', id: 1 } } },
    ResourceLogs: {
      fields: {
        resource: { type: 'Resource', id: 1 },
        scopeLogs: { rule: 'repeated', type: 'ScopeLogs', id: 2 },
      },
    },
    Resource: { fields: { attributes: { rule: 'repeated', type: 'KeyValue', id: 1 } } },
    ScopeLogs: {
      fields: {
        scope: { type: 'Scope', id: 1 },
        logRecords: { rule: 'repeated', type: 'LogRecord', id: 2 },
      },
    },
    Scope: { fields: { name: { type: 'string', id: 1 } } },
    LogRecord: {
      fields: {
        timeUnixNano: { type: 'fixed64', id: 1 },
        severityNumber: { type: 'int32', id: 2 },
        severityText: { type: 'string', id: 3 },
        body: { type: 'AnyValue', id: 5 },
        attributes: { rule: 'repeated', type: 'KeyValue', id: 6 },
        observedTimeUnixNano: { type: 'fixed64', id: 11 },
      },
    },
    AnyValue: {
      oneofs: {
        value: {
          oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'],
        },
      },
      fields: {
        stringValue: { type: 'string', id: 1 },
        boolValue: { type: 'bool', id: 2 },
        intValue: { type: 'int64', id: 3 },
        doubleValue: { type: 'double', id: 4 },
        arrayValue: { type: 'ArrayValue', id: 5 },
        kvlistValue: { type: 'KeyValueList', id: 6 },
        bytesValue: { type: 'bytes', id: 7 },
      },
    },
    ArrayValue: { fields: { values: { rule: 'repeated', type: 'AnyValue', id: 1 } } },
    KeyValueList: { fields: { values: { rule: 'repeated', type: 'KeyValue', id: 1 } } },
    KeyValue: { fields: { key: { type: 'string', id: 1 }, value: { type: 'AnyValue', id: 2 } } },
    LogsResponse: { fields: { partialSuccess: { type: 'PartialSuccess', id: 1 } } },
    PartialSuccess: {
      fields: { rejectedLogRecords: { type: 'int64', id: 1 }, errorMessage: { type: 'string', id: 2 } },
    },
    Status: { fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 } } },
  },
}

const root = protobuf.Root.fromJSON(MESSAGES)
const LogsRequest = root.lookupType('LogsRequest')

/** How OTLP's JSON writes what JavaScript has no number for. */
const AS_JSON = { longs: String, bytes: String }

/**
 * A request as OTLP's JSON would have it; undefined when the bytes are none. Total: nesting deeper than the library's limit
 * is refused, and everything else is bounded by the bytes.
 */
export function decodeProtobuf(bytes: Uint8Array): unknown {
  try {
    return LogsRequest.toObject(LogsRequest.decode(bytes), AS_JSON)
  } catch {
    return undefined
  }
}

/** The bytes of an answer. `Status` is Google's own (googleapis: google/rpc/status.proto). */
export function encodeProtobuf(message: 'LogsResponse' | 'Status', fields: Record<string, unknown>): Buffer {
  const type = root.lookupType(message)
  return Buffer.from(type.encode(type.fromObject(fields)).finish())
}
