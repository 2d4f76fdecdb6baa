-- Which links newly stored signals carry, in the order in which they came: what a collector that was killed has to rebuild.
CREATE TABLE IF NOT EXISTS arrivals
(
    stored_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    link      String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(stored_at)
ORDER BY (stored_at, link)
TTL toDate(stored_at) + INTERVAL 3 DAY
