-- update-runs
-- The one statement that changes the state of runs that exist. Their rows are locked and were read under that lock; the event sequence
-- guards it all the same. A result is kept unless $17 says that it is replaced.
update run r
set state_type = c.state_type, state_name = c.state_name, state_message = c.state_message, state_at = c.state_at,
    ready = c.ready, due_at = c.due_at,
    rank = case when c.due_at = r.due_at then r.rank else floor(extract(epoch from c.due_at) * 1000)::bigint - r.priority::bigint * 60000 end,
    attempt = c.attempt, failures = c.failures, crashes = c.crashes, event_seq = c.event_seq,
    agent_id = c.agent_id, lease_expires_at = c.lease_expires_at, deadline_at = c.deadline_at, cancel_requested_at = c.cancel_requested_at,
    started_at = c.started_at, ended_at = c.ended_at,
    result = case when c.sets_result then c.result::jsonb else r.result end
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bool[], $7::timestamptz[], $8::int[], $9::int[],
            $10::int[], $11::int[], $12::uuid[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[],
            $17::bool[], $18::text[], $19::int[], $20::timestamptz[])
  as c(id, state_type, state_name, state_message, state_at, ready, due_at, attempt, failures, crashes, event_seq, agent_id,
       lease_expires_at, cancel_requested_at, started_at, ended_at, sets_result, result, seen_event_seq, deadline_at)
where r.id = c.id and r.id = any($1::uuid[]) and r.event_seq = c.seen_event_seq
