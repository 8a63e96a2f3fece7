-- find-open-lines
-- Limits at which somebody waits although there is room, as far as one can see without their locks: an offer was not taken, time has opened a
-- rate, a run was in other hands when it was its turn. And those with task runs that ask no more. In order of ids after $2, as at some nothing can be done.
select l.id
from concurrency_limit l
where l.id > $2::uuid and l.counted and exists (select from waiter w where w.limit_id = l.id)
  and (
    (coalesce(l.slots, 1) > (select coalesce(sum(weight), 0) from slot s where s.limit_id = l.id and l.slots is not null)
     and coalesce(l.slots, 1) > 0 and coalesce(l.rate_count, 1) > 0
     and exists (select from waiter w where w.limit_id = l.id and w.woken_at is null)
     and (l.rate_count is null
          or exists (select from waiter w where w.limit_id = l.id and w.until <= $1::timestamptz)
          or not exists (select from waiter w where w.limit_id = l.id and w.until is not null)))
    or exists (select from waiter w where w.limit_id = l.id and w.task_key is not null and w.seen_at < $1::timestamptz - interval '60 s')
  )
order by l.id
limit $3
