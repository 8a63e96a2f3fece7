-- upsert-flow
-- The update changes nothing: it locks the row and returns its id.
insert into flow (id, workspace_id, name, created_at)
values ($1::uuid, $2::uuid, $3, $4::timestamptz)
on conflict (workspace_id, name) do update set name = excluded.name
returning id
