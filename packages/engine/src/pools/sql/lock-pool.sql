-- lock-pool
-- With its queues: waits for deployments that are registered with it and for runs that are retried into it; later ones wait for this transaction.
with pool as (
  select id, type, description, variables from work_pool where workspace_id = $1::uuid and name = $2 for update
), queues as materialized (
  select q.id from queue q where q.workspace_id = $1::uuid and q.pool_id = (select id from pool) order by q.id for update
)
select p.id, p.type, p.description, p.variables, (select count(*) from queues) as queues from pool p
