-- Up to which moment of `arrivals` each collector has rebuilt the launches that its own signals touched.
CREATE TABLE IF NOT EXISTS collectors
(
    collector     String,
    rebuilt_until DateTime64(6, 'UTC'),
    seen_at       DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(seen_at)
ORDER BY collector
TTL toDate(seen_at) + INTERVAL 30 DAY
