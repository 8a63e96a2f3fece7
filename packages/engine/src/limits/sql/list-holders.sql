-- list-holders
select s.id as slot_id, s.run_id, r.name as run_name, r.state_name, d.name as deployment_name, s.attempt, s.task_key, s.weight, s.lent, s.granted_at
from slot s
join run r on r.workspace_id = s.workspace_id and r.id = s.run_id
join deployment d on d.workspace_id = r.workspace_id and d.id = r.deployment_id
where s.workspace_id = $1::uuid and s.limit_id = $2::uuid
order by s.granted_at, s.id
limit $3
