-- hold-runs
-- $3 true: the due runs of the deployment leave the ready set; false: they enter it. Locked in id order, as everywhere.
with moved as (
  select id from run
  where workspace_id = $1::uuid and deployment_id = $2::uuid and state_type = 'SCHEDULED' and ready = $3::boolean and due_at <= $4::timestamptz
  order by id
  for no key update
)
update run r set ready = not $3::boolean
from moved
where r.id = moved.id
returning r.pool_id
