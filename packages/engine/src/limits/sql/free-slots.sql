-- free-slots
-- Holders and waiters are over: their rows go, a day of history stays. What a task run that is over had lent goes over to the borrowers that are left (a body
-- that does not stop when its time is over): what is in use stays in use. What had been lent to it is free for others of its run: the first of
-- those that wait for it come back, to be told.
with gone as (
  delete from slot
  where run_id = any($1::uuid[]) or ((run_id, task_key) in (select * from unnest($2::uuid[], $3::text[])) and run_id = any($2::uuid[]))
  returning *
), inherited as (
  update slot s
  set weight = s.weight + case when g.weight >= s.lent then s.lent else 0 end,
      lent = case when g.weight >= s.lent then 0 else s.lent end,
      lender = case when g.weight >= s.lent then null else coalesce(g.lender, '') end
  from gone g
  where s.run_id = g.run_id and s.attempt = g.attempt and s.limit_id = g.limit_id and s.lender = g.task_key and s.id not in (select id from gone)
), left_line as (
  delete from waiter
  where run_id = any($1::uuid[]) or ((run_id, task_key) in (select * from unnest($2::uuid[], $3::text[])) and run_id = any($2::uuid[]))
), kept as (
  insert into slot_history (id, workspace_id, limit_id, run_id, task_key, weight, lent, priority, arrived_at, granted_at, freed_at)
  select id, workspace_id, limit_id, run_id, task_key, weight, lent, priority, arrived_at, granted_at, greatest($4::timestamptz, granted_at) from gone
)
select w.run_id, w.task_key
from gone g
cross join lateral (
  select run_id, task_key from waiter
  where waiter.run_id = g.run_id and waiter.limit_id = g.limit_id and waiter.task_key is not null and waiter.task_key <> g.task_key
  order by rank, task_key limit g.lent
) w
where g.lent > 0
