-- suggest-tags
-- Tags of runs and task runs since the id $2 that have no limit, the most used first. The newest 20,000 of each are looked at.
with seen as (
  select unnest(r.tags) as tag, 1 as runs, 0 as tasks, r.created_at as at
  from (select tags, created_at from run where workspace_id = $1::uuid and id > $2::uuid order by id desc limit 20000) r
  union all
  select unnest(t.tags), 0, 1, t.created_at
  from (select tags, created_at from task_run where workspace_id = $1::uuid and run_id > $2::uuid and cardinality(tags) > 0 limit 20000) t
)
select s.tag, sum(s.runs)::int as runs, sum(s.tasks)::int as tasks, max(s.at) as last_seen_at
from seen s
where not exists (select from concurrency_limit l where l.workspace_id = $1::uuid and l.tag = s.tag)
group by s.tag
order by sum(s.runs + s.tasks) desc, s.tag
limit 20
