-- list-events
-- $2 the day of the run's id: one partition is looked at. $6 with those of task runs.
select seq, at, kind, attempt, state_name as state, message, detail
from run_event
where workspace_id = $1::uuid and run_day = $2::date and run_id = $3::uuid and seq > $4::int
      and ($6::boolean or kind <> 'task')
order by seq
limit $5::int
