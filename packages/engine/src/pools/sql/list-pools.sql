-- list-pools
-- $1 workspace, $2 name of one pool or null for all, $3 now, $4 seconds of presence, $5 where counting stops.
-- Counts touch live rows only, through the partial indexes of the loops, and stop at the cap.
select p.id, p.name, p.type, p.description, p.paused_at is not null as paused, p.created_at, p.variables,
       coalesce(a.total, 0) as agents_total, coalesce(a.online, 0) as agents_online, coalesce(a.capacity, 0) as capacity,
       r.running, w.waiting, d.deployments
from work_pool p
left join lateral (
  select count(*)::int as total,
         count(*) filter (where online)::int as online,
         coalesce(sum(g.capacity) filter (where online), 0)::int as capacity
  from (
    select capacity, gateway_id is not null and last_seen_at > $3::timestamptz - make_interval(secs => $4::int) as online
    from agent
    where workspace_id = p.workspace_id and pool_id = p.id
  ) g
) a on true
cross join lateral (
  select count(*)::int as running from (
    select 1 from agent g join run on run.agent_id = g.id
    where g.workspace_id = p.workspace_id and g.pool_id = p.id
    limit $5::int
  ) x
) r
cross join lateral (
  select count(*)::int as waiting from (
    select 1 from queue q join run on run.queue_id = q.id and run.ready
    where q.workspace_id = p.workspace_id and q.pool_id = p.id
    union all
    -- Runs that a limit holds. Whoever was called is ready, and counted above.
    select 1
    from concurrency_limit l
    join waiter k on k.limit_id = l.id and k.task_key is null and k.woken_at is null
    join queue q on q.workspace_id = p.workspace_id and q.id = k.queue_id and q.pool_id = p.id
    where l.workspace_id = p.workspace_id
    limit $5::int
  ) x
) w
cross join lateral (
  select count(*)::int as deployments from deployment where workspace_id = p.workspace_id and pool_id = p.id
) d
where p.workspace_id = $1::uuid and ($2::text is null or p.name = $2)
order by p.name
