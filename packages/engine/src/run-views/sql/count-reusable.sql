-- count-reusable
-- Finished task runs of a run, the newest of each key, by the reason why another attempt cannot take the result; null: it can. What failed since, when it
-- ran again with the same inputs, is not finished.
select reason, count(*)::int as tasks
from (
  select distinct on (key) reason
  from (
    select distinct on (key, input_hash) key, attempt, state,
           case when reused_from is not null or (input_hash is not null and not_reusable is null) then null
                else coalesce(not_reusable, 'the SDK that ran it keeps no results') end as reason
    from task_run
    where workspace_id = $1::uuid and run_id = $2::uuid and (state = 'COMPLETED' or (state = 'FAILED' and input_hash is not null))
    order by key, input_hash, attempt desc
  ) as last
  where state = 'COMPLETED'
  order by key, attempt desc
) as newest
group by reason
order by tasks desc, reason
