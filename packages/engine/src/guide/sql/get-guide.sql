-- get-guide
select w.guide_dismissed_at is not null as dismissed,
       (select json_build_object('id', p.id, 'name', p.name, 'type', p.type) from work_pool p where p.workspace_id = w.id order by p.created_at limit 1) as pool,
       exists (select 1 from agent a where a.workspace_id = w.id) as has_agent,
       (select d.name from deployment d where d.workspace_id = w.id order by d.created_at desc limit 1) as deployment_name,
       (select r.id from run r where r.workspace_id = w.id order by r.id desc limit 1) as run_id,
       exists (select 1 from run r where r.workspace_id = w.id and r.state_type = 'COMPLETED') as has_completed
from workspace w
where w.id = $1::uuid
