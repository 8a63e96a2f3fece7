-- insert-audit-entry
insert into audit_entry (id, workspace_id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, subject_name, text, before, after, reason)
values ($1::uuid, $2::uuid, $3::timestamptz, $4, $5::uuid, $6, $7, $8, $9::uuid, $10, $11, $12::jsonb, $13::jsonb, $14)
