-- keep-queue
-- Of a run that is locked: holds its queue against a delete until the commit, or moves it to `default` when the queue is gone.
with kept as (
  select q.id
  from run r
  join queue q on q.workspace_id = r.workspace_id and q.id = r.queue_id
  where r.workspace_id = $1::uuid and r.id = $2::uuid
  for key share of q
)
update run
set queue_id = d.id
from queue d
where run.workspace_id = $1::uuid and run.id = $2::uuid and not exists (select 1 from kept)
  and d.workspace_id = run.workspace_id and d.pool_id = run.pool_id and d.name = 'default'
