-- One row for each step of the launch flow that was seen in each launch.
CREATE VIEW IF NOT EXISTS launch_steps AS
SELECT
    trace_id,
    instance_id,
    request_id,
    started_at,
    project_id,
    host,
    outcome,
    step
FROM launches FINAL
ARRAY JOIN steps AS step
