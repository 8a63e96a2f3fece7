-- read-bundle
select v.manifest -> 'code' ->> 'sha256' as sha256, b.content
from run r
join deployment_version v on v.workspace_id = r.workspace_id and v.id = r.version_id
left join bundle b on b.workspace_id = r.workspace_id and b.sha256 = v.manifest -> 'code' ->> 'sha256'
where r.workspace_id = $1 and r.id = $2
