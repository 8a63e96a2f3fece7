-- insert-slots
-- When it came to the limit: where it stood in its line, since then; otherwise now.
insert into slot (id, workspace_id, limit_id, run_id, attempt, task_key, weight, lent, lender, priority, arrived_at, granted_at)
select i.id, i.workspace_id, i.limit_id, i.run_id, i.attempt, i.task_key, i.weight, i.lent, i.lender, i.priority, coalesce(w.since, $9::timestamptz), $9::timestamptz
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::int[], $8::int[], $10::int[], $11::text[])
  as i(id, workspace_id, limit_id, run_id, attempt, task_key, weight, priority, lent, lender)
left join waiter w on w.run_id = i.run_id and coalesce(w.task_key, '') = coalesce(i.task_key, '')
on conflict do nothing
