-- read-task-holder
-- Of a task run ($3 key) of a run that is locked: the place that it has in a line, whether it holds its slots already, and what its run and other
-- task runs of it hold of tags: nobody can change that while the run is locked. `over`: it has ended already, so this question is an old one.
select exists (select from task_run t where t.run_id = r.id and t.attempt = $2::int and t.key = $3::text and t.state in ('COMPLETED', 'FAILED', 'CANCELLED')) as over,
       r.pool_id, r.queue_id, r.deployment_id, q.priority as tier, w.rank, w.priority, w.limit_id,
       array(select l.tag from slot s join concurrency_limit l on l.id = s.limit_id
             where s.run_id = r.id and s.attempt = $2::int and s.task_key = $3::text) as held,
       coalesce((select json_agg(json_build_object('tag', l.tag, 'taskKey', s.task_key, 'weight', s.weight, 'lent', s.lent, 'lender', s.lender))
                 from slot s join concurrency_limit l on l.id = s.limit_id
                 where s.run_id = r.id and s.attempt = $2::int and l.tag is not null), '[]'::json) as around
from run r
join queue q on q.workspace_id = r.workspace_id and q.id = r.queue_id
left join waiter w on w.run_id = r.id and w.task_key = $3::text
where r.id = $1::uuid
