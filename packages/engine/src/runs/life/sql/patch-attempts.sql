-- patch-attempts
-- Facts of attempts: the first one stays. Where an agent speaks ($13), it speaks for its own attempts only.
update attempt a
set confirmed_at = coalesce(a.confirmed_at, p.confirmed_at), launched_at = coalesce(a.launched_at, p.launched_at),
    started_at = coalesce(a.started_at, p.started_at), ended_at = coalesce(a.ended_at, p.ended_at), outcome = coalesce(a.outcome, p.outcome),
    exit_code = coalesce(a.exit_code, p.exit_code), signal = coalesce(a.signal, p.signal),
    infrastructure = case when p.infrastructure is null then a.infrastructure else a.infrastructure || p.infrastructure::jsonb end,
    failure = coalesce(a.failure, p.failure::jsonb), item_seq = greatest(a.item_seq, p.item_seq)
from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::int[],
            $9::text[], $10::text[], $11::text[], $12::int[], $13::uuid[])
  as p(run_id, number, confirmed_at, launched_at, started_at, ended_at, outcome, exit_code, signal, infrastructure, failure, item_seq, agent_id)
where a.run_id = p.run_id and a.number = p.number and a.run_id = any($1::uuid[]) and (p.agent_id is null or a.agent_id = p.agent_id)
