-- adopt-holders
-- Whoever runs already holds a new limit too, so that it is never exceeded by those who came before it. The runs ($3) are locked.
insert into slot (id, workspace_id, limit_id, run_id, attempt, task_key, weight, priority, arrived_at, granted_at)
select gen_random_uuid(), l.workspace_id, l.id, x.run_id, x.attempt, x.task_key, x.weight, x.priority, x.since, x.since
from concurrency_limit l
cross join lateral (
  select r.id as run_id, r.attempt, null::text as task_key,
         case when l.tag is null then 1 else coalesce((v.manifest -> 'weights' ->> l.tag)::int, 1) end as weight, r.priority, a.claimed_at as since
  from run r
  join attempt a on a.run_id = r.id and a.number = r.attempt
  join deployment_version v on v.workspace_id = r.workspace_id and v.id = r.version_id
  where r.id = any($2::uuid[]) and r.lease_expires_at is not null
    and (r.pool_id = l.pool_id or r.queue_id = l.queue_id or r.deployment_id = l.deployment_id or l.tag = any(r.tags))
  union all
  select t.run_id, t.attempt, t.key, 1, r.priority, coalesce(t.started_at, t.created_at)
  from run r
  join task_run t on t.run_id = r.id and t.attempt = r.attempt
  where r.id = any($2::uuid[]) and r.lease_expires_at is not null and l.tag is not null and t.state = 'RUNNING' and l.tag = any(t.tags)
) x
where l.id = $1::uuid
on conflict do nothing
