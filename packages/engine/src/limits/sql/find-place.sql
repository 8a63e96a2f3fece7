-- find-place
select (
  select count(*)::int + 1 from waiter o
  where o.limit_id = w.limit_id
    and (o.tier, o.rank, o.run_id, coalesce(o.task_key, '') collate "C") < (w.tier, w.rank, w.run_id, coalesce(w.task_key, '') collate "C")
) as place
from waiter w
where w.run_id = $1::uuid and coalesce(w.task_key, '') = coalesce($2::text, '')
