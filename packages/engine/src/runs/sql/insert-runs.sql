-- insert-runs
-- Any number of runs with their first event in one statement, and so in one commit. A run whose idempotency key is taken is left out.
with input as (
  select *
  from unnest($5::uuid[], $6::date[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::bool[], $13::int[],
              $14::timestamptz[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::float8[])
    as i(id, run_day, deployment_id, version_id, pool_id, queue_id, name, ready, priority,
         due_at, idempotency_key, parameters, variables, tags, retries, timeout_seconds)
), made as (
  insert into run (id, workspace_id, deployment_id, version_id, pool_id, queue_id, name, state_type, state_name, state_message, state_at,
                   ready, priority, due_at, rank, idempotency_key, parameters, variables, tags, retries, timeout_seconds, event_seq, created_by, created_at)
  select id, $1, deployment_id, version_id, pool_id, queue_id, name, 'SCHEDULED', 'Scheduled', $3, $4,
         ready, priority, due_at, floor(extract(epoch from due_at) * 1000)::bigint - priority::bigint * 60000, idempotency_key, parameters::jsonb, variables::jsonb,
         array(select jsonb_array_elements_text(tags::jsonb)), retries::jsonb, timeout_seconds, 1, $2, $4
  from input
  on conflict (workspace_id, deployment_id, idempotency_key) where idempotency_key is not null do nothing
  returning id
), noted as (
  insert into run_event (run_day, run_id, seq, workspace_id, at, kind, attempt, state_type, state_name, message)
  select input.run_day, input.id, 1, $1, $4, 'state', 0, 'SCHEDULED', 'Scheduled', $3
  from input join made using (id)
)
select id from made
