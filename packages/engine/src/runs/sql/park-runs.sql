-- park-runs
-- The deployment is paused: all its ready runs leave the ready set, and the line where a slot was offered to them, at once, so that they never
-- stand in front of a runnable one; `limit_id` says which line. The promotion of due runs brings them back when it goes on; their rank is their place then.
with parked as (
  select id from run where ready and queue_id = any($1::uuid[]) and deployment_id = any($2::uuid[]) order by id for no key update skip locked
), left_line as (
  delete from waiter w using parked where w.run_id = parked.id and w.task_key is null
  returning w.limit_id
), moved as (
  update run r set ready = false, state_name = case when r.state_name = 'AwaitingSlot' then 'Scheduled' else r.state_name end
  from parked
  where r.id = parked.id
)
select distinct limit_id from left_line
