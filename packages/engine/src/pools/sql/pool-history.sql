-- pool-history
-- $1 workspace, $2 name of the pool, $3 now. Walks the index by pool backwards and stops at 50.
select coalesce(b.bars, '[]') as bars
from work_pool p
cross join lateral (
  select json_agg(json_build_object('id', r.id, 'state', r.state_name, 'at', r.created_at,
           'durationMs', (extract(epoch from coalesce(r.ended_at, $3::timestamptz) - r.started_at) * 1000)::float8) order by r.id) as bars
  from (
    select id, state_name, created_at, started_at, ended_at
    from run
    where workspace_id = p.workspace_id and pool_id = p.id
    order by id desc
    limit 50
  ) r
) b
where p.workspace_id = $1::uuid and p.name = $2
