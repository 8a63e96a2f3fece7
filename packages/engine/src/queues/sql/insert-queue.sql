-- insert-queue
insert into queue (id, workspace_id, pool_id, name, priority, paused_at, created_at)
values ($1::uuid, $2::uuid, $3::uuid, $4, $5::int, case when $6::bool then $7::timestamptz end, $7::timestamptz)
on conflict (pool_id, name) do nothing
returning id
