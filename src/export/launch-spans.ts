import type { Attributes, HrTime, SpanContext, SpanStatus } from '@opentelemetry/api'
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace'
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_NAMESPACE,
} from '@opentelemetry/semantic-conventions'
import type { Evidence, Launch, Span } from '../core/launch.ts'
import type { UnixMicros } from '../core/time.ts'
import { micros } from '../core/time.ts'

/** Names of the conventions that their package has among the experimental ones, which are a megabyte. */
const HOST_NAME = 'host.name'
const AVAILABILITY_ZONE = 'cloud.availability_zone'

const KIND = 'launchtrace.kind'

function toHrTime(at: UnixMicros): HrTime {
  const seconds = Math.floor(at / 1e6)
  return [seconds, (at - seconds * 1e6) * 1000]
}

/** Spans of requests that a service answered; the rest is work inside of one. */
const SERVED = new Set(['request', 'call', 'guest'])

/** Everything is told by who did the work, so nothing is a client. */
function kindOf({ attributes }: Span): SpanKind {
  return SERVED.has(attributes[KIND] ?? '') ? SpanKind.SERVER : SpanKind.INTERNAL
}

function statusOf({ status }: Span, { failure }: Launch): SpanStatus {
  switch (status) {
    case 'ok':
      return { code: SpanStatusCode.OK }
    case 'error':
      return { code: SpanStatusCode.ERROR, message: failure?.message ?? '' }
    case 'unset':
      return { code: SpanStatusCode.UNSET }
  }
}

/** What the span of a launch says besides, or that of a request which was refused and made none. */
function launchAttributes({ attributes }: Span, launch: Launch): Attributes {
  const kind = attributes[KIND]
  if (kind !== 'launch' && (kind !== 'request' || launch.instanceId !== undefined)) return {}
  return {
    'launchtrace.outcome': launch.outcome,
    'launchtrace.failing_phase': launch.failure?.phase,
    'launchtrace.cause': launch.failure?.cause,
    'openstack.project.id': launch.projectId,
    'openstack.user.id': launch.userId,
    'openstack.flavor.name': launch.flavor,
    'openstack.image.id': launch.imageId,
    [AVAILABILITY_ZONE]: launch.availabilityZone,
  }
}

function errorTypeOf({ status, attributes }: Span, { failure }: Launch): string | undefined {
  if (status !== 'error') return undefined
  const exception = failure?.exception === '' ? undefined : failure?.exception
  return attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] ?? exception ?? failure?.cause
}

function withoutEmpty(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined && value !== ''))
}

/** The names of the view `otel_traces`; the one value that the conventions want as a number is a number. */
function attributesOf(span: Span, launch: Launch): Attributes {
  const { attributes, edges } = span
  const status = attributes[ATTR_HTTP_RESPONSE_STATUS_CODE]
  return {
    ...attributes,
    ...(status === undefined ? {} : { [ATTR_HTTP_RESPONSE_STATUS_CODE]: Number(status) }),
    ...withoutEmpty({
      'openstack.request_id': launch.requestId,
      'openstack.instance_id': launch.instanceId,
      'launchtrace.edge.start': edges.start,
      'launchtrace.edge.end': edges.end,
      [ATTR_ERROR_TYPE]: errorTypeOf(span, launch),
      ...launchAttributes(span, launch),
    }),
  }
}

function eventOf({ at, service, host, source, text }: Evidence): TimedEvent {
  return {
    time: toHrTime(at),
    name: source,
    attributes: { message: text, [ATTR_SERVICE_NAME]: service, [HOST_NAME]: host },
  }
}

/** The phase that failed tells the exception as the conventions do, at its end. */
function exceptionsOf({ status, attributes }: Span, { failure }: Launch): readonly Attributes[] {
  if (status !== 'error' || attributes[KIND] !== 'phase' || failure === undefined || failure.exception === '') return []
  return [{ [ATTR_EXCEPTION_TYPE]: failure.exception, [ATTR_EXCEPTION_MESSAGE]: failure.message }]
}

/** One resource for each process of the cloud; the library puts spans together that share the same object. */
function createResources(): (span: Span) => Resource {
  const resources = new Map<string, Resource>()
  return ({ service, host }) => {
    const key = `${service}\0${host}`
    const known = resources.get(key)
    if (known !== undefined) return known
    const made = resourceFromAttributes({
      [ATTR_SERVICE_NAMESPACE]: 'openstack',
      [ATTR_SERVICE_NAME]: service,
      ...(host === '' ? {} : { [HOST_NAME]: host }),
    })
    resources.set(key, made)
    return made
  }
}

/** The spans of a launch as the OpenTelemetry SDK has them, with the ids under which they are stored. */
export function launchSpans(launch: Launch, serviceVersion: string): ReadableSpan[] {
  const resourceOf = createResources()
  const instrumentationScope = { name: 'launchtrace', version: serviceVersion }
  const contextOf = (spanId: string): SpanContext => ({
    traceId: launch.traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
  })
  return launch.spans.map(span => {
    const endedAt = micros(span.startedAt + Math.round(span.durationSeconds * 1e6))
    return {
      name: span.name,
      kind: kindOf(span),
      spanContext: () => contextOf(span.spanId),
      ...(span.parentSpanId === '' ? {} : { parentSpanContext: contextOf(span.parentSpanId) }),
      startTime: toHrTime(span.startedAt),
      endTime: toHrTime(endedAt),
      duration: toHrTime(micros(endedAt - span.startedAt)),
      status: statusOf(span, launch),
      attributes: attributesOf(span, launch),
      links: [],
      events: [
        ...span.evidence.map(eventOf),
        ...exceptionsOf(span, launch).map(attributes => ({ name: 'exception', time: toHrTime(endedAt), attributes })),
      ],
      ended: true,
      resource: resourceOf(span),
      instrumentationScope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    }
  })
}
