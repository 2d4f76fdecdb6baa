-- One row for each phase on the critical path of each launch.
CREATE VIEW IF NOT EXISTS launch_phases AS
SELECT
    trace_id,
    instance_id,
    request_id,
    started_at,
    project_id,
    host,
    availability_zone,
    flavor,
    image_id,
    outcome,
    phase,
    seconds
FROM launches FINAL
ARRAY JOIN mapKeys(phases) AS phase, mapValues(phases) AS seconds
