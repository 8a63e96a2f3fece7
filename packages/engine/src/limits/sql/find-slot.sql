-- find-slot
select s.run_id, s.task_key, coalesce(l.tag, d.name, p.name, q.name) as name
from slot s
join concurrency_limit l on l.id = s.limit_id
left join work_pool p on p.id = l.pool_id
left join queue q on q.id = l.queue_id
left join deployment d on d.id = l.deployment_id
where s.workspace_id = $1::uuid and s.limit_id = $2::uuid and s.id = $3::uuid
