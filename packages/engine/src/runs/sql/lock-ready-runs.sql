-- lock-ready-runs
-- Ready runs of a pool: queues in their strict order, within a queue by rank. Rows are locked one by one until
-- there are enough, so what others hold is passed over and nothing more than $2 is ever locked. Queues $3, deployments $4 and tags $5 have a limit
-- that lets nobody in at this moment: whoever stands behind thousands of their runs is found without a write to any of those.
select r.id, r.workspace_id, r.deployment_id, r.version_id, r.pool_id, r.queue_id, r.name,
       r.state_name, r.state_message, r.state_at, r.ready, r.due_at, r.attempt, r.failures, r.crashes, r.retries, r.event_seq,
       r.agent_id, r.lease_expires_at, r.deadline_at, r.cancel_requested_at, r.started_at, r.ended_at,
       null::timestamptz as confirmed_at, null::timestamptz as attempt_started_at, null::uuid as attempt_agent_id, null::text as agent_name, 0 as item_seq, 0 as returns, null::text[] as applied,
       r.parameters, r.variables, r.tags, r.timeout_seconds, r.reuses, r.rank, r.priority, line.tier, r.state_name = 'AwaitingSlot' as holds,
       (select d.paused_at is not null from deployment d where d.workspace_id = r.workspace_id and d.id = r.deployment_id) as held
from (
  select q.id, q.priority as tier
  from work_pool p
  join queue q on q.workspace_id = p.workspace_id and q.pool_id = p.id
  where p.id = $1 and p.paused_at is null and q.paused_at is null and not (q.id = any($3::uuid[]))
  order by q.priority, q.id
) as line
cross join lateral (
  select *
  from run
  where run.queue_id = line.id and run.ready and not (run.deployment_id = any($4::uuid[])) and not (run.tags && $5::text[])
  order by run.rank, run.id
  limit $2
  for no key update skip locked
) as r
limit $2
