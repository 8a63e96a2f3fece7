-- call-waiters
-- Offers a slot: a run ($1) enters the ready set again, where the claim decides; a task run ($2, $3) is told to ask. A run that another
-- transaction holds at this moment is left out, as whoever holds a limit never waits for a run; `run-transaction` calls it when it is let go.
with free as (
  select r.id from run r where r.id = any($1::uuid[]) and r.state_name = 'AwaitingSlot' and not r.ready order by r.id for no key update skip locked
), called as (
  update waiter w set woken_at = $4::timestamptz, until = null from free where w.run_id = free.id and w.task_key is null
), readied as (
  update run r set ready = true from free where r.id = free.id returning r.id, r.pool_id
), told as (
  update waiter w set woken_at = $4::timestamptz, until = null
  from unnest($2::uuid[], $3::text[]) as t(run_id, task_key)
  where w.run_id = t.run_id and w.task_key = t.task_key
  returning w.run_id, w.task_key
)
select id, pool_id, null as task_key from readied
union all
select run_id, null, task_key from told
