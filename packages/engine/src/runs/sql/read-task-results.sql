-- read-task-results
-- A page of what task runs of earlier attempts returned, for the attempt $3 while it holds its lease: no row at all otherwise. Task runs are told
-- apart by key and inputs, the newest that completed of each; they follow ($4, $5) in that order, at most $6 of them and about $7 bytes of results.
-- Results lie out of line and are fetched for the rows of the page only. `more`: the page was cut.
with live as (
  select id from run where workspace_id = $1::uuid and id = $2::uuid and attempt = $3 and lease_expires_at is not null
), past as materialized (
  select key, name, attempt, state, input_hash, not_reusable, reused_from,
         count(*) over (partition by attempt, name, input_hash) as twins
  from task_run
  where run_id = $2::uuid and attempt < $3 and input_hash is not null and exists (select from live)
), newest as (
  select distinct on (key, input_hash) key, name, attempt, input_hash, not_reusable
  from past
  where state = 'COMPLETED' and reused_from is null
  order by key, input_hash, attempt desc
), page as (
  select key, name, attempt, input_hash
  from newest
  where not_reusable is null and (key, input_hash) > ($4::text, decode($5, 'hex'))
  order by key, input_hash
  limit $6
), sized as (
  select p.*, t.result, sum(coalesce(octet_length(t.result), 0) + 200) over (order by p.key, p.input_hash) - coalesce(octet_length(t.result), 0) as before
  from page p
  join task_run t on t.run_id = $2::uuid and t.attempt = p.attempt and t.key = p.key
), cut as (
  select * from sized where before <= $7
)
select c.key, c.name, c.attempt, encode(c.input_hash, 'hex') as input_hash, c.result,
       not exists (select from past o where o.twins > 1 and o.name = c.name and o.input_hash = c.input_hash) as alone,
       (select count(*) from page) > (select count(*) from cut) or (select count(*) from page) = $6 as more
from live
left join cut c on true
order by c.key, c.input_hash
