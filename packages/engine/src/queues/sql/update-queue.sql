-- update-queue
-- $1 workspace, $2 queue, $3 priority and $4 pause, each null to leave it, $5 now. A pause that lasts keeps its beginning.
update queue
set priority = coalesce($3::int, priority),
    paused_at = case when $4::bool is null then paused_at when $4::bool then coalesce(paused_at, $5::timestamptz) end
where workspace_id = $1::uuid and id = $2::uuid
returning id
