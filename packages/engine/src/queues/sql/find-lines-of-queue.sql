-- find-lines-of-queue
-- Limits in whose lines a run or a task run of the queue stands with another priority than the queue has now.
select distinct w.limit_id
from waiter w
join queue q on q.workspace_id = w.workspace_id and q.id = w.queue_id
where w.workspace_id = $1::uuid and w.queue_id = $2::uuid and w.tier <> q.priority
