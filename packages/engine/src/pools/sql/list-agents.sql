-- list-agents
-- $1 workspace, $2 name of a pool or null, $3 now, $4 seconds of presence.
select a.id, a.pool_id, p.name as pool_name, a.name, a.version, a.host, a.capacity, a.skew_ms, a.connected_at, a.last_seen_at, a.created_at,
       case when not s.online then 'offline' when a.draining then 'draining' else 'online' end as status,
       case when s.online then coalesce((a.load ->> 'running')::int, 0) else 0 end as running
from agent a
join work_pool p on p.workspace_id = a.workspace_id and p.id = a.pool_id
cross join lateral (
  select a.gateway_id is not null and a.last_seen_at > $3::timestamptz - make_interval(secs => $4::int) as online
) s
where a.workspace_id = $1::uuid and ($2::text is null or p.name = $2)
order by s.online desc, a.last_seen_at desc, a.id
limit 1000
