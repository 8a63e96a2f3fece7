-- read-task-results
-- A page of what task runs of earlier attempts returned, for the attempt $3 while it holds its lease: no row at all otherwise. Task runs are told
-- apart by key and inputs, the newest that completed of each; they follow ($4, $5) in that order, at most $6 of them and about $7 bytes of results.
-- Results lie out of line and are fetched for the rows of the page only. Whether a task run is alone comes from windows and not from a join, for
-- which a plan without statistics takes loops in loops: seconds for 10,000 task runs. What failed since when it ran again has no result. `more`: the page was cut.
with live as (
  select id from run where workspace_id = $1::uuid and id = $2::uuid and attempt = $3 and lease_expires_at is not null
), past as (
  select key, name, attempt, state, input_hash, not_reusable, reused_from,
         count(*) over (partition by name, input_hash, attempt) as twins
  from task_run
  where run_id = $2::uuid and attempt < $3 and input_hash is not null and exists (select from live)
), known as (
  select *, max(twins) over (partition by name, input_hash) = 1 as alone,
         max(attempt) filter (where state = 'FAILED') over (partition by name, input_hash) as failed,
         max(attempt) filter (where state = 'FAILED') over (partition by key, input_hash) as key_failed
  from past
), newest as (
  select distinct on (key, input_hash) key, name, attempt, input_hash, not_reusable, alone, case when alone then failed else key_failed end as failed
  from known
  where state = 'COMPLETED' and reused_from is null
  order by key, input_hash, attempt desc
), page as materialized (
  select key, name, attempt, input_hash, alone
  from newest
  where not_reusable is null and attempt > coalesce(failed, 0) and (key, input_hash) > ($4::text, decode($5, 'hex'))
  order by key, input_hash
  limit $6
), sized as (
  select p.*, t.result, sum(coalesce(octet_length(t.result), 0) + 200) over (order by p.key, p.input_hash) - coalesce(octet_length(t.result), 0) as before
  from page p
  join task_run t on t.run_id = $2::uuid and t.attempt = p.attempt and t.key = p.key
), cut as materialized (
  select * from sized where before <= $7
)
select c.key, c.name, c.attempt, encode(c.input_hash, 'hex') as input_hash, c.result, c.alone,
       (select count(*) from page) > (select count(*) from cut) or (select count(*) from page) = $6 as more
from live
left join cut c on true
order by c.key, c.input_hash
