-- list-task-runs
-- $3 one attempt, or null for all.
select key, name, attempt, state, message, try, tags, depends_on, reused_from, not_reusable, created_at, started_at, ended_at
from task_run
where workspace_id = $1::uuid and run_id = $2::uuid and ($3::int is null or attempt = $3)
order by attempt, created_at, key
limit 20000
