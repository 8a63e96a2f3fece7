-- find-target
-- $1 workspace, $2 pool, $3 queue, $4 SHA-256 of a bundle or null. The pool is held against a delete until the commit.
select p.id as pool_id, p.type as pool_type, q.id as queue_id,
       array(select n.name from queue n where n.workspace_id = p.workspace_id and n.pool_id = p.id order by n.name) as queue_names,
       exists (select 1 from bundle b where b.workspace_id = p.workspace_id and b.sha256 = $4::text) as bundle_exists
from work_pool p
left join queue q on q.workspace_id = p.workspace_id and q.pool_id = p.id and q.name = $3
where p.workspace_id = $1::uuid and p.name = $2
for key share of p
