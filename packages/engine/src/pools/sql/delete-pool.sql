-- delete-pool
delete from work_pool where workspace_id = $1::uuid and id = $2::uuid
