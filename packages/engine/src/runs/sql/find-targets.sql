-- find-targets
select d.name, d.id as deployment_id, d.pool_id, d.queue_id, d.paused_at is not null as paused, v.id as version_id, v.manifest
from deployment d
left join deployment_version v on v.workspace_id = d.workspace_id and v.id = d.current_version_id
where d.workspace_id = $1 and d.name = any($2::text[])
