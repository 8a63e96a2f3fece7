-- read-run-detail
-- What the page of one run shows beyond its summary. $3 the grace where neither the run, its deployment nor its pool says one.
select r.parameters, r.variables, r.created_by, r.retried_from_id, r.timeout_seconds, r.cancel_requested_at, r.result, r.event_seq, r.reuses,
       r.retries, r.failures, r.crashes, v.number as version_number,
       coalesce((r.variables ->> 'graceSeconds')::float8, (v.manifest -> 'variables' ->> 'graceSeconds')::float8,
                (p.variables ->> 'graceSeconds')::float8, $3::float8) as grace_seconds
from run r
join deployment_version v on v.workspace_id = r.workspace_id and v.id = r.version_id
left join work_pool p on p.workspace_id = r.workspace_id and p.id = r.pool_id
where r.workspace_id = $1::uuid and r.id = $2::uuid
