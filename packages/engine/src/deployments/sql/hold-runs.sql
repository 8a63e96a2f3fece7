-- hold-runs
-- $3 true: the due runs of the deployment leave the ready set and the line of their limit; false: they enter the ready set, where the claim asks
-- their limits again. Locked in id order, as everywhere. `waited`: it stood in a line, which it leaves with the next statement.
with moved as (
  select id, state_name = 'AwaitingSlot' as waited from run
  where workspace_id = $1::uuid and deployment_id = $2::uuid and state_type = 'SCHEDULED' and due_at <= $4::timestamptz
    and (ready = $3::boolean or ($3::boolean and state_name = 'AwaitingSlot')) and ($3::boolean or state_name <> 'AwaitingSlot')
  order by id
  for no key update
)
update run r set ready = not $3::boolean, state_name = case when r.state_name = 'AwaitingSlot' then 'Scheduled' else r.state_name end
from moved
where r.id = moved.id
returning r.id, r.pool_id, moved.waited
