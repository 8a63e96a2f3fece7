-- find-cancels
-- $1 agents with a socket here, $2 these runs only (null: all). The grace of the run, its deployment, its pool, in this order.
select r.id as run_id, r.attempt, r.agent_id, r.state_message as reason,
       coalesce((r.variables ->> 'graceSeconds')::float8, (v.manifest -> 'variables' ->> 'graceSeconds')::float8,
                (p.variables ->> 'graceSeconds')::float8, $3::float8) as grace_seconds
from run r
join deployment_version v on v.workspace_id = r.workspace_id and v.id = r.version_id
join work_pool p on p.workspace_id = r.workspace_id and p.id = r.pool_id
where r.agent_id = any($1::uuid[]) and r.state_type = 'CANCELLING' and ($2::uuid[] is null or r.id = any($2::uuid[]))
