-- find-oldest-holders
-- Holders of a limit that replaces: as many of the oldest as new runs wait in its line, without those that are being stopped already.
select x.id, x.workspace_id, l.id as limit_id, d.name as deployment_name
from concurrency_limit l
join deployment d on d.id = l.deployment_id
cross join lateral (
  select r.id, r.workspace_id, r.state_type
  from slot s
  join run r on r.id = s.run_id
  where s.limit_id = l.id and s.task_key is null
  order by s.granted_at, s.id
  limit (select count(*) from waiter w join run n on n.id = w.run_id
         where w.limit_id = l.id and w.woken_at is null and w.hold in ('full', 'in-line') and n.attempt = 0)
) x
where l.collision = 'replace-oldest' and l.slots > 0 and ($1::uuid is null or l.id = $1::uuid) and x.state_type in ('PENDING', 'RUNNING')
