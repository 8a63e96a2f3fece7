-- find-overdue-runs
-- Attempts whose deadline is before $1, and for those that run, their grace too: what the run, its deployment or its pool says, in this order; $2 when none does.
select r.id
from run r
join deployment_version v on v.workspace_id = r.workspace_id and v.id = r.version_id
join work_pool p on p.workspace_id = r.workspace_id and p.id = r.pool_id
where r.deadline_at < $1::timestamptz
  and (r.state_type = 'PENDING'
       or r.deadline_at + make_interval(secs => coalesce((r.variables ->> 'graceSeconds')::float8, (v.manifest -> 'variables' ->> 'graceSeconds')::float8,
                                                         (p.variables ->> 'graceSeconds')::float8, $2::float8)) < $1::timestamptz)
order by r.deadline_at
limit $3
