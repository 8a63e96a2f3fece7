-- list-task-runs
-- $3 one attempt, or null for all. Task runs that were taken over all come in one moment: they keep the order of the attempt that executed them.
select t.key, t.name, t.attempt, t.state, t.message, t.try, t.tags, t.depends_on, t.reused_from, t.not_reusable, t.created_at, t.started_at, t.ended_at
from task_run t
left join task_run o on o.run_id = t.run_id and o.attempt = t.reused_from and o.key = t.key
where t.workspace_id = $1::uuid and t.run_id = $2::uuid and ($3::int is null or t.attempt = $3)
order by t.attempt, t.created_at, o.created_at, t.key
limit 20000
