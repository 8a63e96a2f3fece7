-- park-runs
-- The deployment is paused: all its ready runs leave the ready set at once, so that they never stand in front of a runnable one. The promotion
-- of due runs brings them back when it goes on; their rank is their place then. `waited`: a slot was offered to them, so they leave a line
-- with the next statement.
with parked as (
  select id, state_name = 'AwaitingSlot' as waited from run
  where ready and queue_id = any($1::uuid[]) and deployment_id = any($2::uuid[]) order by id for no key update skip locked
)
update run r set ready = false, state_name = case when r.state_name = 'AwaitingSlot' then 'Scheduled' else r.state_name end
from parked
where r.id = parked.id
returning r.id, parked.waited
