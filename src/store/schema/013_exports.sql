-- Launches that were sent as OTLP: each is sent once.
CREATE TABLE IF NOT EXISTS exports
(
    trace_id    String CODEC(ZSTD(1)),
    instance_id String CODEC(ZSTD(1)),
    sent_at     DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(sent_at)
ORDER BY (trace_id, instance_id)
TTL toDate(sent_at) + INTERVAL 90 DAY
SETTINGS index_granularity = 1024
