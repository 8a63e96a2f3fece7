-- delete-deployment
delete from deployment where workspace_id = $1::uuid and id = $2::uuid
