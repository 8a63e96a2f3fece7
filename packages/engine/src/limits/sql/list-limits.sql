-- list-limits
-- $2 one limit or null, $3 one kind or null.
select l.id, l.kind, coalesce(l.tag, d.name, p.name, qp.name || '/' || q.name) as name, coalesce(l.pool_id, l.queue_id, l.deployment_id) as subject_id,
       l.slots, l.rate_count, l.rate_window_seconds, l.collision, l.description, l.created_at, l.updated_at, l.created_by, s.used, s.holding, w.waiting
from concurrency_limit l
left join work_pool p on p.id = l.pool_id
left join queue q on q.id = l.queue_id
left join work_pool qp on qp.id = q.pool_id
left join deployment d on d.id = l.deployment_id
cross join lateral (select coalesce(sum(weight), 0)::int as used, count(*)::int as holding from slot where slot.limit_id = l.id) s
cross join lateral (select count(*)::int as waiting from waiter where waiter.limit_id = l.id) w
where l.workspace_id = $1::uuid and ($2::uuid is null or l.id = $2::uuid) and ($3::text is null or l.kind = $3::text)
order by array_position(array['pool', 'queue', 'deployment', 'tag'], l.kind), name
