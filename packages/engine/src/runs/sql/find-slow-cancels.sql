-- find-slow-cancels
-- Cancels asked for before $1, those first whose grace ends first. The grace of the run, its deployment, its pool, in this order; $2 when none says.
select r.id, r.cancel_requested_at, g.grace_seconds
from run r
join deployment_version v on v.id = r.version_id
join work_pool p on p.id = r.pool_id
cross join lateral (
  select coalesce((r.variables ->> 'graceSeconds')::float8, (v.manifest -> 'variables' ->> 'graceSeconds')::float8,
                  (p.variables ->> 'graceSeconds')::float8, $2::float8) as grace_seconds
) g
where r.state_type = 'CANCELLING' and r.cancel_requested_at < $1
order by r.cancel_requested_at + make_interval(secs => g.grace_seconds)
limit 500
