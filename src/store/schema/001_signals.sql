-- Facts. `key` is the best id that the signal carries (the first of its links), so the signals of one thing lie together.
-- Kept for 30 days after they were stored, not after they were said: an import of old logs must not vanish at once.
CREATE TABLE IF NOT EXISTS signals
(
    key             String CODEC(ZSTD(1)),
    at              DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    id              String CODEC(ZSTD(1)),
    name            LowCardinality(String),
    host            LowCardinality(String),
    service         LowCardinality(String),
    source          LowCardinality(String),
    request_meaning LowCardinality(String),
    request         String CODEC(ZSTD(1)),
    global_request  String CODEC(ZSTD(1)),
    project         String CODEC(ZSTD(1)),
    user            String CODEC(ZSTD(1)),
    instances       Array(String) CODEC(ZSTD(1)),
    ports           Array(String) CODEC(ZSTD(1)),
    volumes         Array(String) CODEC(ZSTD(1)),
    aliases         Array(String) CODEC(ZSTD(1)),
    attributes      Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    text            String CODEC(ZSTD(3)),
    stored_on       Date DEFAULT today()
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (key, at, id)
TTL stored_on + INTERVAL 30 DAY
SETTINGS index_granularity = 1024
