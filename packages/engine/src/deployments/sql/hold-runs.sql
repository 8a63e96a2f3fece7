-- hold-runs
-- $3 true: the due runs of the deployment leave the ready set and every line; false: they enter the ready set, where the claim asks their
-- limits again. Locked in id order, as everywhere. `limit_id`: whose line the run left.
with moved as (
  select id from run
  where workspace_id = $1::uuid and deployment_id = $2::uuid and state_type = 'SCHEDULED' and due_at <= $4::timestamptz
    and (ready = $3::boolean or ($3::boolean and state_name = 'AwaitingSlot')) and ($3::boolean or state_name <> 'AwaitingSlot')
  order by id
  for no key update
), left_line as (
  delete from waiter w using moved where $3::boolean and w.run_id = moved.id and w.task_key is null
  returning w.run_id, w.limit_id
)
update run r set ready = not $3::boolean, state_name = case when r.state_name = 'AwaitingSlot' then 'Scheduled' else r.state_name end
from moved
where r.id = moved.id
returning r.pool_id, (select l.limit_id from left_line l where l.run_id = r.id) as limit_id
