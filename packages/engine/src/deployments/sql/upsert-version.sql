-- upsert-version
-- The caller holds the row of the deployment, so the next number is nobody else's.
insert into deployment_version (id, workspace_id, deployment_id, number, manifest_hash, manifest, created_at, created_by)
select $1::uuid, $2::uuid, $3::uuid, coalesce(max(number), 0) + 1, $4, $5::jsonb, $6::timestamptz, $7
from deployment_version
where workspace_id = $2::uuid and deployment_id = $3::uuid
on conflict (deployment_id, manifest_hash) do update set manifest_hash = excluded.manifest_hash
returning id, number
