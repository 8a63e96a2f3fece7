-- read-account
-- The last bad end of the run. $2 the day of its id: one partition is looked at, backwards.
select attempt, at, detail -> 'account' as account
from run_event
where workspace_id = $1::uuid and run_day = $2::date and run_id = $3::uuid and kind = 'state' and detail ? 'account'
order by seq desc
limit 1
