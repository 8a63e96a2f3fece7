-- lock-queue
-- Waits for deployments that are registered with it and for runs that are retried into it; later ones wait for this transaction.
select id from queue where workspace_id = $1::uuid and id = $2::uuid for update
