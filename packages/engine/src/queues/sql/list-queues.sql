-- list-queues
-- $1 workspace, $2 pool, $3 where counting stops. In the order in which they are served.
select q.id, q.name, q.priority, q.paused_at is not null as paused, w.waiting
from queue q
cross join lateral (
  select count(*)::int as waiting from (
    select 1 from run where queue_id = q.id and ready limit $3::int
  ) x
) w
where q.workspace_id = $1::uuid and q.pool_id = $2::uuid
order by q.priority, q.name
