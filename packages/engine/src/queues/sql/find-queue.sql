-- find-queue
-- $1 workspace, $2 pool, $3 queue. A row without a queue when only the pool is there.
select p.id as pool_id, q.id as queue_id
from work_pool p
left join queue q on q.workspace_id = p.workspace_id and q.pool_id = p.id and q.name = $3
where p.workspace_id = $1::uuid and p.name = $2
