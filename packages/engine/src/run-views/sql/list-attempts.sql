-- list-attempts
select number, agent_id, agent_name, claimed_at, confirmed_at, started_at, ended_at, outcome, exit_code, signal, infrastructure, failure
from attempt
where workspace_id = $1::uuid and run_id = $2::uuid
order by number
