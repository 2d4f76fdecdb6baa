-- Every link of a signal to the key under which the signal lies; kept as long as the signals.
CREATE TABLE IF NOT EXISTS links
(
    link      String CODEC(ZSTD(1)),
    key       String CODEC(ZSTD(1)),
    stored_on Date DEFAULT today()
)
ENGINE = ReplacingMergeTree
ORDER BY (link, key)
TTL stored_on + INTERVAL 30 DAY
SETTINGS index_granularity = 1024
