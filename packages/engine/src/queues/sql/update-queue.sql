-- update-queue
-- $1 workspace, $2 queue, $3 priority and $4 pause, each null to leave it, $5 now. A pause that lasts keeps its beginning. Returns what it was before.
with was as (
  select id, priority, paused_at is not null as paused from queue where workspace_id = $1::uuid and id = $2::uuid for no key update
)
update queue q
set priority = coalesce($3::int, q.priority),
    paused_at = case when $4::bool is null then q.paused_at when $4::bool then coalesce(q.paused_at, $5::timestamptz) end
from was
where q.workspace_id = $1::uuid and q.id = was.id
returning was.priority, was.paused
