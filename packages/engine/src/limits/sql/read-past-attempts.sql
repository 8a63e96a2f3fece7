-- read-past-attempts
-- What would have come to a limit that did not exist since $7: the attempts of its runs, and for a tag ($6) the task runs that carried it. Those of a run
-- that carries it too are left out: their run lends them its slot.
select x.id, d.name as "group", (extract(epoch from x.began) * 1000)::float8 as arrived_at,
       (extract(epoch from greatest(coalesce(x.ended, $8::timestamptz), x.began) - x.began) * 1000)::float8 as held_ms, x.weight, x.priority
from (
  select r.id || '/' || a.number as id, r.workspace_id, r.deployment_id, a.claimed_at as began, a.ended_at as ended,
         case when $6::text is null then 1 else coalesce((v.manifest -> 'weights' ->> $6::text)::int, 1) end as weight, r.priority
  from run r
  join attempt a on a.workspace_id = r.workspace_id and a.run_id = r.id
  join deployment_version v on v.workspace_id = r.workspace_id and v.id = r.version_id
  where r.workspace_id = $1::uuid and a.claimed_at > $7::timestamptz and r.id > $2::uuid
    and (r.pool_id = $3::uuid or r.queue_id = $4::uuid or r.deployment_id = $5::uuid or $6::text = any(r.tags))
  union all
  select t.run_id || '/' || t.attempt || '/' || t.key, t.workspace_id, r.deployment_id, t.started_at, t.ended_at, 1, r.priority
  from task_run t
  join run r on r.workspace_id = t.workspace_id and r.id = t.run_id
  where t.workspace_id = $1::uuid and t.run_id > $2::uuid and t.started_at > $7::timestamptz and $6::text = any(t.tags) and not ($6::text = any(r.tags))
) x
join deployment d on d.workspace_id = x.workspace_id and d.id = x.deployment_id
order by x.began desc
limit $9
