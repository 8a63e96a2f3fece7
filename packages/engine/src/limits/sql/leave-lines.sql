-- leave-lines
delete from waiter w
using unnest($1::uuid[], $2::text[]) as i(run_id, task_key)
where w.run_id = i.run_id and coalesce(w.task_key, '') = coalesce(i.task_key, '')
returning w.limit_id
