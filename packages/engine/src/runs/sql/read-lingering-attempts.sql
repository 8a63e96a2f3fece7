-- read-lingering-attempts
-- Attempts that ended by their own report a moment ago: their process may still be saying goodbye.
select a.run_id, a.number
from attempt a
join run r on r.id = a.run_id and r.attempt = a.number
where a.run_id = any($1::uuid[]) and (a.run_id, a.number) in (select * from unnest($1::uuid[], $2::int[]))
  and a.outcome in ('completed', 'failed', 'timed-out') and a.ended_at > $3
