-- read-versions
select id, manifest from deployment_version where id = any($1::uuid[])
