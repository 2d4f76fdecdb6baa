-- One row a launch; everything else is a view of it. Moments inside are microseconds since `started_at`.
-- The week is part of the identity: a launch whose start moved over a week's border is retracted there and stored here,
-- and no query that reads one week can see a row that another week replaced.
-- The primary index always leaves one granule of every part to read; the filter by trace spares all but one of them.
-- `evidence_*` holds each log line once; `span_evidence` counts into it from 0.
CREATE TABLE IF NOT EXISTS launches
(
    trace_id            String CODEC(ZSTD(1)),
    instance_id         String CODEC(ZSTD(1)),
    version             UInt64 CODEC(T64, ZSTD(1)),
    is_deleted          UInt8,
    request_id          String CODEC(ZSTD(1)),
    project_id          LowCardinality(String),
    user_id             LowCardinality(String),
    display_name        String CODEC(ZSTD(1)),
    host                LowCardinality(String),
    availability_zone   LowCardinality(String),
    flavor              LowCardinality(String),
    image_id            LowCardinality(String),
    volume_ids          Array(String) CODEC(ZSTD(1)),
    port_ids            Array(String) CODEC(ZSTD(1)),
    started_at          DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ended_at            Nullable(DateTime64(6, 'UTC')) CODEC(Delta(8), ZSTD(1)),
    duration_seconds    Nullable(Float64) CODEC(ZSTD(1)),
    outcome             LowCardinality(String),
    phases              Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
    failure_phase       LowCardinality(String),
    failure_service     LowCardinality(String),
    failure_host        LowCardinality(String),
    failure_cause       LowCardinality(String),
    failure_exception   LowCardinality(String),
    failure_message     String CODEC(ZSTD(1)),
    steps               Array(LowCardinality(String)) CODEC(ZSTD(1)),
    signals             UInt32 CODEC(T64, ZSTD(1)),
    attempt_host        Array(LowCardinality(String)) CODEC(ZSTD(1)),
    attempt_start       Array(Int64) CODEC(T64, ZSTD(1)),
    attempt_end         Array(Nullable(Int64)) CODEC(ZSTD(1)),
    attempt_outcome     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    span_id             Array(String) CODEC(ZSTD(1)),
    span_parent         Array(String) CODEC(ZSTD(1)),
    span_name           Array(LowCardinality(String)) CODEC(ZSTD(1)),
    span_service        Array(LowCardinality(String)) CODEC(ZSTD(1)),
    span_host           Array(LowCardinality(String)) CODEC(ZSTD(1)),
    span_start          Array(Int64) CODEC(T64, ZSTD(1)),
    span_duration       Array(Float64) CODEC(ZSTD(1)),
    span_status         Array(LowCardinality(String)) CODEC(ZSTD(1)),
    span_attributes     Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    span_start_edge     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    span_end_edge       Array(LowCardinality(String)) CODEC(ZSTD(1)),
    span_evidence       Array(Array(UInt32)) CODEC(T64, ZSTD(1)),
    evidence_at         Array(Int64) CODEC(T64, ZSTD(1)),
    evidence_service    Array(LowCardinality(String)) CODEC(ZSTD(1)),
    evidence_host       Array(LowCardinality(String)) CODEC(ZSTD(1)),
    evidence_source     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    evidence_text       Array(String) CODEC(ZSTD(3)),
    INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toMonday(started_at)
ORDER BY (trace_id, instance_id, toMonday(started_at))
SETTINGS index_granularity = 128
