-- check-ledger
-- Every slot against every live holder of a workspace ($1), at one moment; $2 is that moment. One statement, so one snapshot: what is being
-- moved right now is seen before or after, never in between.
with bound as materialized (
  select l.*, coalesce(l.tag, d.name, p.name, qp.name || '/' || q.name) as name,
         (select coalesce(sum(s.weight), 0)::int from slot s where s.limit_id = l.id) as used,
         (select max(s.granted_at) from slot s where s.limit_id = l.id and s.weight > 0) as last_grant
  from concurrency_limit l
  left join work_pool p on p.id = l.pool_id
  left join queue q on q.id = l.queue_id
  left join work_pool qp on qp.id = q.pool_id
  left join deployment d on d.id = l.deployment_id
  where l.workspace_id = $1::uuid
), live as materialized (
  select r.id, r.attempt, r.pool_id, r.queue_id, r.deployment_id, r.tags from run r where r.workspace_id = $1::uuid and r.lease_expires_at is not null
)
-- More is in use than the limit allows, and somebody who took slots of it was let in after it was last changed.
select 'over' as kind, b.id as limit_id, b.kind as limit_kind, b.name, null::uuid as run_id,
       b.used || ' of ' || b.slots || ' slots of ' || b.name || ' are in use' as text
from bound b where b.used > b.slots and b.last_grant > b.updated_at
union all
-- More is lent than the lender has. One that is gone lends nothing.
select 'over', b.id, b.kind, b.name, s.run_id, s.lent || ' slots of ' || b.name || ' are lent by ' || coalesce(nullif(s.lender, ''), 'a run') || ', which has ' || coalesce(h.has, 0)
from (select limit_id, run_id, attempt, lender, sum(lent)::int as lent from slot where workspace_id = $1::uuid and lender is not null group by 1, 2, 3, 4) s
join bound b on b.id = s.limit_id
left join lateral (
  select o.weight + o.lent as has from slot o
  where o.run_id = s.run_id and o.limit_id = s.limit_id and o.attempt = s.attempt and coalesce(o.task_key, '') = s.lender
) h on true
where s.lent > coalesce(h.has, 0)
union all
select 'leaked', b.id, b.kind, b.name, s.run_id, 'a slot of ' || b.name || ' is held by attempt ' || s.attempt || ', which has ended'
from slot s join bound b on b.id = s.limit_id
where not exists (select from live r where r.id = s.run_id and r.attempt = s.attempt)
union all
select 'leaked', b.id, b.kind, b.name, s.run_id, 'a slot of ' || b.name || ' is held by the task run ' || s.task_key || ', which has ended'
from slot s join bound b on b.id = s.limit_id
join task_run t on t.run_id = s.run_id and t.attempt = s.attempt and t.key = s.task_key
where t.state in ('COMPLETED', 'FAILED', 'CANCELLED')
union all
select 'unheld', b.id, b.kind, b.name, r.id, 'a run is under way without its slot of ' || b.name
from live r join bound b on b.pool_id = r.pool_id or b.queue_id = r.queue_id or b.deployment_id = r.deployment_id or b.tag = any(r.tags)
where b.counted and not exists (select from slot s where s.limit_id = b.id and s.run_id = r.id and s.attempt = r.attempt and s.task_key is null)
union all
-- Nobody was called although the head of the line fits; time may have opened it a moment ago, so a scheduler gets 5 seconds.
select 'idle', b.id, b.kind, b.name, w.run_id, 'somebody waits for ' || b.name || ' although it has room'
from bound b
cross join lateral (select * from waiter w where w.limit_id = b.id order by w.tier, w.rank, w.run_id limit 1) w
where w.woken_at is null and w.hold in ('full', 'in-line') and b.rate_count is null and w.seen_at < $2::timestamptz - interval '5 s'
  and (b.slots is null or b.used + w.weight <= b.slots) and coalesce(b.last_grant, w.since) < $2::timestamptz - interval '5 s'
  and not exists (select from waiter k where k.limit_id = b.id and k.woken_at is not null)
union all
select 'lost', b.id, b.kind, b.name, w.run_id, 'a place in the line of ' || b.name || ' belongs to a run that does not wait'
from waiter w join bound b on b.id = w.limit_id join run r on r.id = w.run_id
where case when w.task_key is null then r.state_name <> 'AwaitingSlot' else r.lease_expires_at is null or r.attempt <> w.attempt end
union all
select 'lost', null, null, null, r.id, 'a run waits for a slot and stands in no line'
from run r
where r.workspace_id = $1::uuid and r.state_type = 'SCHEDULED' and r.state_name = 'AwaitingSlot' and not r.ready
  and not exists (select from waiter w where w.run_id = r.id and w.task_key is null)
limit 500
