-- Where a trace lies in time, as the OpenTelemetry Collector's ClickHouse exporter keeps it: tools read min(Start) and
-- max(End) of a trace before they read its spans.
CREATE VIEW IF NOT EXISTS otel_traces_trace_id_ts AS
SELECT
    trace_id AS TraceId,
    toDateTime(fromUnixTimestamp64Micro(toUnixTimestamp64Micro(started_at) + arrayMin(arrayPushBack(span_start, 0)), 'UTC'), 'UTC') AS Start,
    toDateTime(fromUnixTimestamp64Micro(toUnixTimestamp64Micro(started_at) + arrayMax(arrayPushBack(
        arrayMap((start, seconds) -> start + toInt64(seconds * 1e6), span_start, span_duration), 0)), 'UTC'), 'UTC') AS End
FROM launches FINAL
