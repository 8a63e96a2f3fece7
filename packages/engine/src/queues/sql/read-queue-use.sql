-- read-queue-use
-- $1 workspace, $2 queue, $3 how many of each. Runs that have not ended: what runs may come back to its queue.
select array(select d.name from deployment d where d.workspace_id = $1::uuid and d.queue_id = $2::uuid order by d.name limit $3::int) as deployments,
       array(select r.name from run r
             where r.workspace_id = $1::uuid and r.queue_id = $2::uuid and r.state_type in ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')
             limit $3::int) as runs
