-- list-deployments
-- $1 workspace, $2 name of one deployment or null for all, $3 now. The bars walk the index by deployment and stop at 20.
select d.id, d.name, f.name as flow, d.description, p.name as pool_name, q.name as queue_name, d.paused_at is not null as paused,
       d.created_at, d.updated_at, v.number as version,
       array(select jsonb_array_elements_text(v.manifest -> 'tags')) as tags,
       v.manifest -> 'code' ->> 'kind' as code_kind,
       coalesce(b.bars, '[]') as recent
from deployment d
join flow f on f.workspace_id = d.workspace_id and f.id = d.flow_id
join work_pool p on p.workspace_id = d.workspace_id and p.id = d.pool_id
join queue q on q.workspace_id = d.workspace_id and q.id = d.queue_id
join deployment_version v on v.workspace_id = d.workspace_id and v.id = d.current_version_id
cross join lateral (
  select json_agg(json_build_object('id', r.id, 'state', r.state_name, 'at', r.created_at,
           'durationMs', (extract(epoch from coalesce(r.ended_at, $3::timestamptz) - r.started_at) * 1000)::float8) order by r.id) as bars
  from (
    select id, state_name, created_at, started_at, ended_at
    from run
    where workspace_id = d.workspace_id and deployment_id = d.id
    order by id desc
    limit 20
  ) r
) b
where d.workspace_id = $1::uuid and ($2::text is null or d.name = $2)
order by d.name
