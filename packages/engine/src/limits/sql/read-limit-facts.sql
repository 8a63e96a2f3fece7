-- read-limit-facts
-- Of limits that this transaction has locked, at $2: what is in use, the starts of the window of a rate, and the head of the line.
-- In line stand those whom nobody behind may pass. Not so: who is heavier than the limit; the runs of a queue in which an offer was not
-- taken for 5 seconds (nobody serves it); a task run that was offered a slot 5 seconds ago, or has not asked for a minute.
-- Of the line one more comes than could be let in. $3: only whom to call is asked, so where nobody waits the slots, which may be thousands,
-- are not added up.
select l.id, l.kind, coalesce(l.tag, d.name, p.name, qp.name || '/' || q.name) as name, l.workspace_id,
       case when l.counted then l.slots else 0 end as slots, l.rate_count, l.rate_window_seconds, l.collision, u.used, coalesce(s.starts, '[]'::json) as starts, coalesce(w.line, '[]'::json) as line
from concurrency_limit l
left join work_pool p on p.id = l.pool_id
left join queue q on q.id = l.queue_id
left join work_pool qp on qp.id = q.pool_id
left join deployment d on d.id = l.deployment_id
cross join lateral (select not $3::bool or exists (select from waiter k where k.limit_id = l.id) as asked) a
cross join lateral (select coalesce(sum(weight), 0)::int as used from slot where a.asked and slot.limit_id = l.id) u
cross join lateral (
  select array(select distinct k.queue_id from waiter k where k.limit_id = l.id and k.task_key is null and k.woken_at < $2::timestamptz - interval '5 s') as queues
) stuck
left join lateral (
  select json_agg(json_build_array((extract(epoch from x.granted_at) * 1000)::float8, x.weight) order by x.granted_at) as starts
  from (
    select granted_at, weight + lent as weight from slot where slot.limit_id = l.id and granted_at > $2::timestamptz - make_interval(secs => l.rate_window_seconds)
    union all
    select granted_at, weight + lent from slot_history h where h.limit_id = l.id and granted_at > $2::timestamptz - make_interval(secs => l.rate_window_seconds)
  ) x
) s on l.rate_count is not null and a.asked
left join lateral (
  select json_agg(json_build_array(x.run_id, x.task_key, x.tier, x.rank, x.weight, x.called, x.lent)) as line
  from (
    select k.run_id, k.task_key, k.tier, k.rank, k.weight, k.lent, k.woken_at is not null as called
    from waiter k
    where k.limit_id = l.id and (k.weight = 0 or k.weight + k.lent <= coalesce(l.slots, k.weight + k.lent)) and k.weight + k.lent <= coalesce(l.rate_count, k.weight + k.lent)
      and case when k.task_key is null then not (k.queue_id = any(stuck.queues))
               else k.seen_at > $2::timestamptz - interval '60 s' and coalesce(k.woken_at > $2::timestamptz - interval '5 s', true) end
    order by k.tier, k.rank, k.run_id, coalesce(k.task_key, '') collate "C"
    limit least(greatest(coalesce(l.slots - u.used, 500), 0), coalesce(l.rate_count, 500), 500) + 1
  ) x
) w on true
where l.id = any($1::uuid[])
order by l.id
