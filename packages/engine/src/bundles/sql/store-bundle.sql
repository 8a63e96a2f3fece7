-- store-bundle
insert into bundle (workspace_id, sha256, size_bytes, content, created_at)
values ($1::uuid, $2, $3, $4::bytea, $5::timestamptz)
on conflict (workspace_id, sha256) do nothing
