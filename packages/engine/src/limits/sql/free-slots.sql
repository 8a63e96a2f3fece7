-- free-slots
-- Holders and waiters are over: their rows go, a day of history stays. What a task run that is over had lent goes over to the borrowers that are left (a body
-- that does not stop when its time is over): what it took of the limit itself to the first of them, and the rest is lent to them by its own lender. So
-- what is in use stays in use, and no more than that. Of task runs that are over and lend to each other the outermost goes first, the others with
-- the next call: `key` null, `left` true says that there are any. What had been lent to it is free for others of its run: the first of those that wait
-- for it come back, to be told, of each weight, and of those inside the lender as well as of the others, as one that cannot have it must not keep it from the next.
-- `is true` keeps the planner from an index by the limit: to look through all slots of a limit for each that goes took half the time of a full pool.
with ended as materialized (
  select * from unnest($2::uuid[], $3::text[]) as e(run_id, task_key)
), gone as (
  delete from slot
  where run_id = any($1::uuid[])
     or ((run_id, task_key) in (select * from ended) and run_id = any($2::uuid[])
         and not exists (
           select from slot o
           where o.run_id = slot.run_id and o.attempt = slot.attempt and (o.limit_id = slot.limit_id) is true and o.task_key = slot.lender
             and (o.run_id, o.task_key) in (select * from ended)))
  returning *
), share as (
  select s.id, s.lent, g.lender,
         greatest(0, least(s.lent, g.weight - sum(s.lent) over (partition by g.id order by s.granted_at, s.id) + s.lent))::int as own
  from gone g
  join slot s on s.run_id = g.run_id and s.attempt = g.attempt and (s.limit_id = g.limit_id) is true and s.lender = g.task_key
  where g.task_key is not null and s.id not in (select id from gone)
), inherited as (
  update slot s
  set weight = s.weight + x.own, lent = x.lent - x.own, lender = case when x.own < x.lent then coalesce(x.lender, '') end
  from share x
  where s.id = x.id
), left_line as (
  delete from waiter
  where run_id = any($1::uuid[]) or ((run_id, task_key) in (select * from ended) and run_id = any($2::uuid[]))
), kept as (
  insert into slot_history (id, workspace_id, limit_id, run_id, task_key, weight, lent, priority, arrived_at, granted_at, freed_at)
  select id, workspace_id, limit_id, run_id, task_key, weight, lent, priority, arrived_at, granted_at, greatest($4::timestamptz, granted_at) from gone
)
select distinct w.run_id, w.task_key, false as "left"
from gone g
cross join lateral (
  select run_id, task_key, row_number() over (
           partition by weight + lent, g.lender <> '' and not starts_with(task_key, g.lender || '/') order by rank, task_key) as place
  from waiter
  where waiter.run_id = g.run_id and (waiter.limit_id = g.limit_id) is true and waiter.task_key is not null and waiter.task_key <> g.task_key
) w
where g.lent > 0 and w.place <= g.lent
union all
select s.run_id, null, true
from slot s
where (s.run_id, s.task_key) in (select * from ended) and s.run_id = any($2::uuid[]) and s.id not in (select id from gone)
