-- delete-queue
delete from queue where workspace_id = $1::uuid and id = $2::uuid
