-- list-waiters
select w.run_id, r.name as run_name, r.state_name, d.name as deployment_name, w.task_key, w.weight, w.priority, w.since, w.hold, w.until,
       w.woken_at is not null as called
from waiter w
join run r on r.workspace_id = w.workspace_id and r.id = w.run_id
join deployment d on d.workspace_id = r.workspace_id and d.id = r.deployment_id
where w.workspace_id = $1::uuid and w.limit_id = $2::uuid
order by w.tier, w.rank, w.run_id, coalesce(w.task_key, '') collate "C"
limit $3
