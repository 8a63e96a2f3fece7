-- upsert-deployment
-- Makes the row or locks the one that is there; only set-current-version changes it afterwards.
insert into deployment (id, workspace_id, flow_id, pool_id, queue_id, name, description, created_at, updated_at)
values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6, $7, $8::timestamptz, $8::timestamptz)
on conflict (workspace_id, name) do update set name = excluded.name
returning id, current_version_id
