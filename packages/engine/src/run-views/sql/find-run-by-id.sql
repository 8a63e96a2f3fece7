-- find-run-by-id
select id, name from run where workspace_id = $1::uuid and id = $2::uuid
