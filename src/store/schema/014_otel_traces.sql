-- Spans in the column names and types of the OpenTelemetry Collector's ClickHouse exporter
-- (clickhouseexporter/internal/sqltemplates/traces_table.sql). TraceId passes untouched, so that it stays indexed.
-- The same kinds, names and attributes as src/export/launch-spans.ts sends; a test compares the two.
CREATE OR REPLACE VIEW otel_traces AS
WITH
    attributes['launchtrace.kind'] AS kind,
    kind = 'launch' OR (kind = 'request' AND instance_id = '') AS tells_all,
    kind = 'phase' AND status = 'error' AND failure_exception != '' AS raised
SELECT
    toDateTime64(fromUnixTimestamp64Micro(toUnixTimestamp64Micro(started_at) + start, 'UTC'), 9, 'UTC') AS Timestamp,
    trace_id AS TraceId,
    span AS SpanId,
    parent AS ParentSpanId,
    '' AS TraceState,
    toLowCardinality(span_title) AS SpanName,
    toLowCardinality(if(kind IN ('request', 'call', 'guest'), 'Server', 'Internal')) AS SpanKind,
    toLowCardinality(service) AS ServiceName,
    CAST(mapFilter((name, value) -> value != '', map('service.namespace', 'openstack',
         'service.name', toString(service), 'host.name', toString(place))), 'Map(LowCardinality(String), String)')
        AS ResourceAttributes,
    'launchtrace' AS ScopeName,
    '' AS ScopeVersion,
    CAST(mapUpdate(CAST(attributes, 'Map(String, String)'), mapFilter((name, value) -> value != '', map(
            'openstack.request_id', request_id,
            'openstack.instance_id', instance_id,
            'launchtrace.edge.start', toString(start_edge),
            'launchtrace.edge.end', toString(end_edge),
            'error.type', multiIf(status != 'error', '',
                                  attributes['http.response.status_code'] != '', attributes['http.response.status_code'],
                                  failure_exception != '', toString(failure_exception),
                                  toString(failure_cause)),
            'launchtrace.outcome', if(tells_all, toString(outcome), ''),
            'launchtrace.failing_phase', if(tells_all, toString(failure_phase), ''),
            'launchtrace.cause', if(tells_all, toString(failure_cause), ''),
            'openstack.project.id', if(tells_all, toString(project_id), ''),
            'openstack.user.id', if(tells_all, toString(user_id), ''),
            'openstack.flavor.name', if(tells_all, toString(flavor), ''),
            'openstack.image.id', if(tells_all, toString(image_id), ''),
            'cloud.availability_zone', if(tells_all, toString(availability_zone), '')))),
         'Map(LowCardinality(String), String)') AS SpanAttributes,
    toUInt64(greatest(0, round(duration * 1e9))) AS Duration,
    toLowCardinality(multiIf(status = 'ok', 'Ok', status = 'error', 'Error', 'Unset')) AS StatusCode,
    if(status = 'error', failure_message, '') AS StatusMessage,
    arrayConcat(
        arrayMap(i -> toDateTime64(fromUnixTimestamp64Micro(toUnixTimestamp64Micro(started_at) + evidence_at[i + 1], 'UTC'),
                                   9, 'UTC'), evidence),
        if(raised, [toDateTime64(fromUnixTimestamp64Micro(toUnixTimestamp64Micro(started_at) + start
                                 + toInt64(round(duration * 1e6)), 'UTC'), 9, 'UTC')], [])) AS `Events.Timestamp`,
    CAST(arrayConcat(arrayMap(i -> toString(evidence_source[i + 1]), evidence), if(raised, ['exception'], [])),
         'Array(LowCardinality(String))') AS `Events.Name`,
    CAST(arrayConcat(
        arrayMap(i -> map('message', evidence_text[i + 1], 'service.name', toString(evidence_service[i + 1]),
                          'host.name', toString(evidence_host[i + 1])), evidence),
        if(raised, [map('exception.type', toString(failure_exception), 'exception.message', failure_message)], [])),
         'Array(Map(LowCardinality(String), String))') AS `Events.Attributes`,
    CAST([], 'Array(String)') AS `Links.TraceId`,
    CAST([], 'Array(String)') AS `Links.SpanId`,
    CAST([], 'Array(String)') AS `Links.TraceState`,
    CAST([], 'Array(Map(LowCardinality(String), String))') AS `Links.Attributes`
FROM launches FINAL
ARRAY JOIN
    span_id AS span,
    span_parent AS parent,
    span_name AS span_title,
    span_service AS service,
    span_host AS place,
    span_start AS start,
    span_duration AS duration,
    span_status AS status,
    span_attributes AS attributes,
    span_start_edge AS start_edge,
    span_end_edge AS end_edge,
    span_evidence AS evidence
