-- read-pool-use
-- $1 workspace, $2 pool, $3 how many of each. Runs that have not ended: nobody would ever take those that wait, nor those that come back.
select array(select d.name from deployment d where d.workspace_id = $1::uuid and d.pool_id = $2::uuid order by d.name limit $3::int) as deployments,
       array(select r.name from run r
             where r.workspace_id = $1::uuid and r.pool_id = $2::uuid and r.state_type in ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')
             limit $3::int) as runs,
       array(select k.id from api_key k where k.workspace_id = $1::uuid and k.pool_id = $2::uuid) as keys
