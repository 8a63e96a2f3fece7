-- move-in-lines
-- $1 workspace, $2 queue, $3 limits that are locked. Its waiters go to the places that the priority of the queue gives them now.
update waiter w
set tier = q.priority
from queue q
where w.limit_id = any($3::uuid[]) and w.workspace_id = $1::uuid and w.queue_id = $2::uuid
  and q.workspace_id = w.workspace_id and q.id = w.queue_id and w.tier <> q.priority
