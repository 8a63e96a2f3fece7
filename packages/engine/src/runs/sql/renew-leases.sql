-- renew-leases
-- Locked in id order first, as everywhere, so that a batch of reports and a heartbeat never wait for each other in a circle.
with held as (
  select r.id
  from run r
  where r.id = any($2::uuid[]) and r.agent_id = $1
    and (r.id, r.attempt) in (select * from unnest($2::uuid[], $3::int[]))
  order by r.id
  for no key update
)
update run r set lease_expires_at = $4
from held
where r.id = held.id
returning r.id, r.attempt
