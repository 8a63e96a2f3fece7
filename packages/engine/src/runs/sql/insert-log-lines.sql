-- insert-log-lines
-- Lines of attempts that exist in the workspace that sent them. A line that is there already stays. `known` is each attempt that exists.
with input as (
  select *
  from unnest($1::date[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::uuid[], $7::timestamptz[], $8::text[], $9::text[], $10::text[])
    as i(run_day, run_id, attempt, stream, seq, workspace_id, at, level, task, text)
), known as (
  select r.id, r.workspace_id, r.attempt
  from run r
  where r.id = any($11::uuid[])
), stored as (
  insert into log_line (run_day, run_id, attempt, stream, seq, workspace_id, at, level, task, text)
  select i.run_day, i.run_id, i.attempt, i.stream, i.seq, i.workspace_id, i.at, i.level, i.task, i.text
  from input i
  join known k on k.id = i.run_id and k.workspace_id = i.workspace_id and i.attempt <= k.attempt
  on conflict do nothing
)
select id, workspace_id, attempt from known
