-- note-holds
-- Why the first of a line still waits, and when time alone lets it in.
update waiter w set hold = i.hold, until = i.until
from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) as i(run_id, task_key, hold, until)
where w.run_id = i.run_id and coalesce(w.task_key, '') = coalesce(i.task_key, '') and (w.hold, w.until) is distinct from (i.hold, i.until)
