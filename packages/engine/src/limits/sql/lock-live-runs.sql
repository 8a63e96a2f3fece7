-- lock-live-runs
-- Runs under way that a limit bounds, by themselves or by a task run of theirs.
select r.id
from run r
where r.workspace_id = $1::uuid and r.lease_expires_at is not null
  and (r.pool_id = $2::uuid or r.queue_id = $3::uuid or r.deployment_id = $4::uuid or $5::text = any(r.tags)
       or ($5::text is not null and exists (
         select from task_run t where t.run_id = r.id and t.attempt = r.attempt and t.state = 'RUNNING' and $5::text = any(t.tags))))
order by r.id
for no key update
