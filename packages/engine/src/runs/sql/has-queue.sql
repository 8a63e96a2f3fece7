-- has-queue
-- Of a run that is locked, after `keep-queue`: false when its work pool is gone, and its queues with it.
select exists (
  select from run r join queue q on q.workspace_id = r.workspace_id and q.id = r.queue_id where r.workspace_id = $1::uuid and r.id = $2::uuid
) as kept
