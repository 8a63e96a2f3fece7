-- free-slots
-- Holders and waiters are over: their rows go, a day of history stays.
with gone as (
  delete from slot
  where run_id = any($1::uuid[]) or ((run_id, task_key) in (select * from unnest($2::uuid[], $3::text[])) and run_id = any($2::uuid[]))
  returning *
), left_line as (
  delete from waiter
  where run_id = any($1::uuid[]) or ((run_id, task_key) in (select * from unnest($2::uuid[], $3::text[])) and run_id = any($2::uuid[]))
)
insert into slot_history (id, workspace_id, limit_id, run_id, task_key, weight, priority, arrived_at, granted_at, freed_at)
select id, workspace_id, limit_id, run_id, task_key, weight, priority, arrived_at, granted_at, greatest($4::timestamptz, granted_at) from gone
