-- insert-events
insert into run_event (run_day, run_id, seq, workspace_id, at, kind, attempt, state_type, state_name, message, detail, transition_id)
select run_day, run_id, seq, workspace_id, $12::timestamptz, kind, attempt, state_type, state_name, message, detail::jsonb, transition_id
from unnest($1::date[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
  as e(run_day, run_id, seq, workspace_id, kind, attempt, state_type, state_name, message, detail, transition_id)
