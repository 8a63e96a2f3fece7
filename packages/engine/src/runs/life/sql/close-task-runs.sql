-- close-task-runs
-- The attempt has ended: whatever it left open will not go on.
update task_run t
set state = 'CANCELLED', message = coalesce(t.message, 'Its attempt ended first'), ended_at = $3
from unnest($1::uuid[], $2::int[]) as e(run_id, attempt)
where t.run_id = e.run_id and t.attempt = e.attempt and t.run_id = any($1::uuid[]) and t.state in ('PENDING', 'RUNNING', 'RETRYING')
