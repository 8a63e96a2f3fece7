-- find-limit
-- What a reference ($2 id; or $3 kind with names) points at: the subject, and its limit if there is one.
select null::uuid as pool_id, null::uuid as queue_id, null::uuid as deployment_id, l.tag, l.kind, l.id as limit_id
from concurrency_limit l where l.workspace_id = $1::uuid and l.id = $2::uuid
union all
select p.id, null, null, null, 'pool', l.id
from work_pool p left join concurrency_limit l on l.workspace_id = p.workspace_id and l.pool_id = p.id
where p.workspace_id = $1::uuid and $3::text = 'pool' and p.name = $4::text
union all
select null, q.id, null, null, 'queue', l.id
from work_pool p join queue q on q.workspace_id = p.workspace_id and q.pool_id = p.id
left join concurrency_limit l on l.workspace_id = q.workspace_id and l.queue_id = q.id
where p.workspace_id = $1::uuid and $3::text = 'queue' and p.name = $4::text and q.name = $5::text
union all
select null, null, d.id, null, 'deployment', l.id
from deployment d left join concurrency_limit l on l.workspace_id = d.workspace_id and l.deployment_id = d.id
where d.workspace_id = $1::uuid and $3::text = 'deployment' and d.name = $6::text
union all
select null, null, null, $7::text, 'tag', (select l.id from concurrency_limit l where l.workspace_id = $1::uuid and l.tag = $7::text)
where $3::text = 'tag'
