-- find-workspaces
-- $1 workspaces that somebody looks at, then ids from the bus: $2 runs, $3 pools, $4 agents or their pools.
-- A pool's notice says that its runs are ready or that it has changed; an agent's, that its presence has.
select r.workspace_id, 'runs' as topic, r.id as run_id
from run r
where r.id = any($2::uuid[]) and r.workspace_id = any($1::uuid[])
union all
-- What a run does, it does to the holders and lines of the limits of its workspace.
select distinct r.workspace_id, 'limits', null::uuid
from run r
where r.id = any($2::uuid[]) and r.workspace_id = any($1::uuid[])
  and exists (select from concurrency_limit l where l.workspace_id = r.workspace_id)
union all
select p.workspace_id, t.topic, null
from work_pool p
cross join (values ('pools'), ('runs')) t (topic)
where p.id = any($3::uuid[]) and p.workspace_id = any($1::uuid[])
union all
select distinct a.workspace_id, t.topic, null::uuid
from agent a
cross join (values ('agents'), ('pools'), ('guide')) t (topic)
where a.workspace_id = any($1::uuid[]) and (a.id = any($4::uuid[]) or a.pool_id = any($4::uuid[]))
