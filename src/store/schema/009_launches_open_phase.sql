-- In which phase a launch that is in progress stands, and since when; empty and null once it has ended.
ALTER TABLE launches
    ADD COLUMN IF NOT EXISTS open_phase LowCardinality(String) AFTER phases,
    ADD COLUMN IF NOT EXISTS open_since Nullable(DateTime64(6, 'UTC')) CODEC(ZSTD(1)) AFTER open_phase
