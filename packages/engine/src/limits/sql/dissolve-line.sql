-- dissolve-line
-- Everybody in line may go: runs enter the ready set, where the claim asks the limits that are left; task runs ask again.
with free as (
  select r.id, r.pool_id from waiter w join run r on r.id = w.run_id
  where w.limit_id = $1::uuid and w.task_key is null
  order by r.id limit 2000
  for no key update of r skip locked
), gone as (
  delete from waiter w using free where w.run_id = free.id and w.task_key is null and w.limit_id = $1::uuid
), readied as (
  update run r set ready = true from free where r.id = free.id and r.state_name = 'AwaitingSlot' and not r.ready
), told as (
  delete from waiter where limit_id = $1::uuid and task_key is not null returning run_id
)
select id, pool_id from free
union all
select distinct run_id, null::uuid from told
