-- set-current-version
update deployment
set flow_id = $3::uuid, pool_id = $4::uuid, queue_id = $5::uuid, description = $6, current_version_id = $7::uuid, updated_at = $8::timestamptz
where workspace_id = $1::uuid and id = $2::uuid
