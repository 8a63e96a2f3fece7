-- read-past-holders
-- Who came to a limit since $3, and for how long each held its slot (until $4 where it still does; null where it waits for one). Task runs to which their run lent all that they
-- needed are left out: they take nothing of the limit, and pass its line.
select h.id, coalesce(d.name, 'deleted') as "group", (extract(epoch from h.arrived_at) * 1000)::float8 as arrived_at,
       (extract(epoch from coalesce(h.freed_at, greatest($4::timestamptz, h.granted_at)) - h.granted_at) * 1000)::float8 as held_ms, h.weight, h.priority
from (
  select id, workspace_id, run_id, arrived_at, granted_at, freed_at, weight, priority from slot_history where workspace_id = $1::uuid and limit_id = $2::uuid and arrived_at > $3::timestamptz and weight > 0
  union all
  select id, workspace_id, run_id, arrived_at, granted_at, null, weight, priority from slot where workspace_id = $1::uuid and limit_id = $2::uuid and arrived_at > $3::timestamptz and weight > 0
  union all
  select id, workspace_id, run_id, since, null, null, weight, priority from waiter where workspace_id = $1::uuid and limit_id = $2::uuid and since > $3::timestamptz and weight > 0
) h
left join run r on r.workspace_id = h.workspace_id and r.id = h.run_id
left join deployment d on d.workspace_id = r.workspace_id and d.id = r.deployment_id
order by h.arrived_at desc
limit $5
