-- list-versions
-- The newest 100 and the current one; the manifest with the current one only.
select v.id, v.number, v.manifest_hash, v.created_at, v.created_by,
       case when v.id = d.current_version_id then v.manifest end as manifest
from deployment d
join deployment_version v on v.workspace_id = d.workspace_id and v.deployment_id = d.id
where d.workspace_id = $1::uuid and d.id = $2::uuid
order by v.id = d.current_version_id or v.number > (select max(n.number) - 100 from deployment_version n where n.deployment_id = d.id) desc, v.number desc
limit 101
