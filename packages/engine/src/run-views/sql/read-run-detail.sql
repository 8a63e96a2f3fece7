-- read-run-detail
-- What the page of one run shows beyond its summary.
select r.parameters, r.variables, r.created_by, r.retried_from_id, r.timeout_seconds, r.cancel_requested_at, r.result, r.event_seq, r.reuses,
       r.retries, r.failures, r.crashes, v.number as version_number
from run r
join deployment_version v on v.workspace_id = r.workspace_id and v.id = r.version_id
where r.workspace_id = $1::uuid and r.id = $2::uuid
