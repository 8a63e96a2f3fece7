-- read-limit-gates
-- $1 workspace, $2 runs, $3 where counting a line stops, $4 how many holders are named, $5 now. What each waiter of the runs, or of their tasks, waits for.
-- Whoever was called waits for nobody but an agent. A limit is looked at once, however many wait for it.
with waiting as materialized (
  select * from waiter where workspace_id = $1::uuid and run_id = any($2::uuid[]) and woken_at is null
), bound as materialized (
  select l.id, l.kind, coalesce(l.tag, d.name, p.name, qp.name || '/' || q.name) as name, l.slots, l.rate_count, l.rate_window_seconds,
         u.used, u.holding, h.holders, a.ages, k.lately
  from concurrency_limit l
  left join work_pool p on p.workspace_id = l.workspace_id and p.id = l.pool_id
  left join queue q on q.workspace_id = l.workspace_id and q.id = l.queue_id
  left join work_pool qp on qp.workspace_id = q.workspace_id and qp.id = q.pool_id
  left join deployment d on d.workspace_id = l.workspace_id and d.id = l.deployment_id
  cross join lateral (select coalesce(sum(weight), 0)::int as used, count(*)::int as holding from slot where slot.limit_id = l.id) u
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('runId', o.run_id, 'runName', r.name, 'taskKey', o.task_key, 'since', o.granted_at) order by o.granted_at, o.id), '[]') as holders
    from (select * from slot where slot.limit_id = l.id order by granted_at, id limit $4::int) o
    join run r on r.workspace_id = o.workspace_id and r.id = o.run_id
  ) h
  -- For how long holders have their slots by now, the oldest of very many; and how long the last who took slots of the limit itself kept them.
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_array(extract(epoch from $5::timestamptz - o.granted_at) * 1000, o.weight)), '[]') as ages
    from (select granted_at, weight from slot where slot.limit_id = l.id and weight > 0 order by granted_at limit 500) o
  ) a
  cross join lateral (
    select array(select extract(epoch from e.freed_at - e.granted_at)::float8 * 1000 from (select freed_at, granted_at from slot_history where slot_history.limit_id = l.id and weight > 0 order by granted_at desc limit 50) e) as lately
  ) k
  where l.workspace_id = $1::uuid and l.id in (select limit_id from waiting)
)
select w.run_id, w.task_key, w.weight, w.lent, w.hold, w.until, w.since, c.place,
       b.id as limit_id, b.kind, b.name, b.slots, b.rate_count, b.rate_window_seconds, b.used, b.holding, b.holders, b.ages, b.lately
from waiting w
join bound b on b.id = w.limit_id
cross join lateral (
  select count(*)::int + 1 as place from (
    select 1 from waiter o
    where o.limit_id = w.limit_id
      and (o.tier, o.rank, o.run_id, coalesce(o.task_key, '') collate "C") < (w.tier, w.rank, w.run_id, coalesce(w.task_key, '') collate "C")
    limit $3::int
  ) x
) c
