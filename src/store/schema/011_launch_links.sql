-- Which launches looked a link up: a later signal that carries it may belong to them. `kind` is instance or request.
CREATE TABLE IF NOT EXISTS launch_links
(
    link      String CODEC(ZSTD(1)),
    kind      LowCardinality(String),
    value     String CODEC(ZSTD(1)),
    stored_on Date DEFAULT today()
)
ENGINE = ReplacingMergeTree
ORDER BY (link, kind, value)
TTL stored_on + INTERVAL 30 DAY
SETTINGS index_granularity = 1024
