-- upsert-task-runs
-- At most one row for each task run. Items are taken once and in order (the attempt's item sequence), so the new state stands.
insert into task_run as t (run_id, attempt, key, workspace_id, name, state, message, try, tags, depends_on, created_at, started_at, ended_at,
                           input_hash, result, not_reusable, reused_from)
select run_id, attempt, key, workspace_id, name, state, message, try, array(select jsonb_array_elements_text(tags::jsonb)),
       array(select jsonb_array_elements_text(depends_on::jsonb)), created_at, started_at, ended_at, decode(input_hash, 'hex'),
       result, not_reusable, reused_from
from unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[], $10::text[],
            $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::text[], $15::text[], $16::text[], $17::int[])
  as i(run_id, attempt, key, workspace_id, name, state, message, try, tags, depends_on, created_at, started_at, ended_at, input_hash, result,
       not_reusable, reused_from)
on conflict (run_id, attempt, key) do update
set name = excluded.name, state = excluded.state, message = excluded.message, try = excluded.try,
    tags = case when cardinality(excluded.tags) > 0 then excluded.tags else t.tags end,
    depends_on = case when cardinality(excluded.depends_on) > 0 then array(select distinct unnest(t.depends_on || excluded.depends_on) order by 1)
                      else t.depends_on end,
    started_at = coalesce(t.started_at, excluded.started_at), ended_at = excluded.ended_at,
    input_hash = coalesce(excluded.input_hash, t.input_hash), result = excluded.result, not_reusable = excluded.not_reusable,
    reused_from = excluded.reused_from
