-- promote-due-runs
-- Runs whose time has come enter the ready set. Those of paused deployments wait outside of it, those that a limit blocks in its line.
with due as (
  select r.id
  from run r
  join deployment d on d.workspace_id = r.workspace_id and d.id = r.deployment_id
  where r.state_type = 'SCHEDULED' and not r.ready and r.state_name <> 'AwaitingSlot' and r.due_at <= $1 and d.paused_at is null
  order by r.due_at
  limit $2
  for no key update of r skip locked
)
update run r set ready = true
from due
where r.id = due.id
returning r.id, r.pool_id
