-- join-lines
-- Whoever waits already keeps the time since when, and with it the place; that of its queue is the one that the decision was made with.
insert into waiter (id, workspace_id, limit_id, run_id, attempt, task_key, queue_id, weight, lent, tier, rank, priority, since, seen_at, hold, until)
select i.id, i.workspace_id, i.limit_id, i.run_id, i.attempt, i.task_key, i.queue_id, i.weight, i.lent, i.tier, i.rank, i.priority, $14::timestamptz, $14::timestamptz, i.hold, i.until
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::uuid[], $8::int[], $9::int[], $10::bigint[], $11::int[],
            $12::text[], $13::timestamptz[], $15::int[])
  as i(id, workspace_id, limit_id, run_id, attempt, task_key, queue_id, weight, tier, rank, priority, hold, until, lent)
on conflict (run_id, coalesce(task_key, '')) do update
set limit_id = excluded.limit_id, tier = excluded.tier, attempt = excluded.attempt, weight = excluded.weight, lent = excluded.lent, hold = excluded.hold, until = excluded.until,
    seen_at = excluded.seen_at, woken_at = null
