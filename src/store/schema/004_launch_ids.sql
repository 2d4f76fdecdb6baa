-- Finds the trace of an instance. May name a row that was retracted since: launches decides.
CREATE TABLE IF NOT EXISTS launch_ids
(
    instance_id String CODEC(ZSTD(1)),
    trace_id    String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (instance_id, trace_id)
SETTINGS index_granularity = 1024
