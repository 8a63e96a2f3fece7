-- find-slow-cancels
-- Cancels asked for before $1. The grace of the run, its deployment, its pool, in this order; $2 when none says.
select r.id, r.cancel_requested_at,
       coalesce((r.variables ->> 'graceSeconds')::float8, (v.manifest -> 'variables' ->> 'graceSeconds')::float8,
                (p.variables ->> 'graceSeconds')::float8, $2::float8) as grace_seconds
from run r
join deployment_version v on v.id = r.version_id
join work_pool p on p.id = r.pool_id
where r.state_type = 'CANCELLING' and r.cancel_requested_at < $1
order by r.cancel_requested_at
limit 500
