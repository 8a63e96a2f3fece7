-- list-queues
-- $1 workspace, $2 pool, $3 name of one queue or null for all, $4 where counting stops. In the order in which they are served.
select q.id, q.name, q.priority, q.paused_at is not null as paused, w.waiting, d.deployments
from queue q
cross join lateral (
  select count(*)::int as waiting from (
    select 1 from run where queue_id = q.id and ready
    union all
    -- Runs that a limit holds. Whoever was called is ready, and counted above.
    select 1
    from concurrency_limit l
    join waiter k on k.limit_id = l.id and k.queue_id = q.id and k.task_key is null and k.woken_at is null
    where l.workspace_id = q.workspace_id
    limit $4::int
  ) x
) w
cross join lateral (
  select count(*)::int as deployments from deployment where workspace_id = q.workspace_id and queue_id = q.id
) d
where q.workspace_id = $1::uuid and q.pool_id = $2::uuid and ($3::text is null or q.name = $3)
order by q.priority, q.id
