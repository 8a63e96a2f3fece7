-- read-run-summaries
-- $1 workspace, $2 ids, $3 now, $4 seconds of presence, $5 where counting a line stops. Newest first, with the facts that explain a wait.
with wanted as materialized (
  select * from run where workspace_id = $1::uuid and id = any($2::uuid[])
), presence as materialized (
  select p.pool_id, g.agents_online, g.capacity, g.running
  from (select distinct pool_id from wanted where state_type = 'SCHEDULED') p
  cross join lateral (
    select count(*)::int as agents_online, coalesce(sum(a.capacity), 0)::int as capacity, coalesce(sum(l.running), 0)::int as running
    from agent a
    cross join lateral (select count(*) as running from run where run.agent_id = a.id) l
    where a.workspace_id = $1::uuid and a.pool_id = p.pool_id and not a.draining
      and a.gateway_id is not null and a.last_seen_at > $3::timestamptz - make_interval(secs => $4::int)
  ) g
)
select r.id, r.name, r.state_type, r.state_name, r.state_message, r.state_at, r.tags, r.attempt, r.due_at, r.created_at, r.started_at, r.ended_at, r.ready,
       d.id as deployment_id, d.name as deployment_name, d.paused_at is not null as deployment_paused,
       f.name as flow, r.pool_id,
       -- A run that has ended may outlive its pool and its queue.
       coalesce(p.name, '(deleted)') as pool_name, p.paused_at is not null as pool_paused,
       coalesce(q.name, '(deleted)') as queue_name, q.paused_at is not null as queue_paused,
       a.name as agent_name, s.agents_online, s.capacity, s.running, l.ahead
from wanted r
join deployment d on d.workspace_id = r.workspace_id and d.id = r.deployment_id
join flow f on f.workspace_id = d.workspace_id and f.id = d.flow_id
left join work_pool p on p.workspace_id = r.workspace_id and p.id = r.pool_id
left join queue q on q.workspace_id = r.workspace_id and q.id = r.queue_id
left join agent a on a.workspace_id = r.workspace_id and a.id = r.agent_id
left join presence s on s.pool_id = r.pool_id and r.state_type = 'SCHEDULED'
left join lateral (
  select count(*)::int as ahead from (
    select 1
    from queue o
    join run e on e.queue_id = o.id and e.ready
    where o.workspace_id = r.workspace_id and o.pool_id = r.pool_id and o.paused_at is null
      and ((o.priority, o.id) < (q.priority, q.id) or (o.id = q.id and (e.rank, e.id) < (r.rank, r.id)))
    limit $5::int
  ) x
) l on r.ready
order by r.id desc
