-- find-keyed-runs
select r.id, r.name, r.deployment_id, r.idempotency_key
from run r
where r.workspace_id = $1
  and (r.deployment_id, r.idempotency_key) in (select * from unnest($2::uuid[], $3::text[]))
  and r.idempotency_key = any($3::text[])
