-- read-runs
-- Facts of runs that this transaction has locked. A statement of its own: its snapshot is taken after the wait for the locks.
-- $2 transition ids of the proposals at hand: those that took effect already come back. $3 days of the runs, for the partitions.
select r.id, r.workspace_id, r.deployment_id, r.version_id, r.pool_id, r.name,
       r.state_name, r.state_message, r.state_at, r.ready, r.due_at, r.attempt, r.failures, r.crashes, r.retries, r.timeout_seconds, r.event_seq,
       r.agent_id, r.lease_expires_at, r.deadline_at, r.cancel_requested_at, r.started_at, r.ended_at,
       a.confirmed_at, a.started_at as attempt_started_at, a.agent_id as attempt_agent_id, a.agent_name, a.item_seq,
       case when r.attempt > 1 then (
         select count(*)::int from attempt p
         where p.run_id = r.id and p.number < r.attempt and p.number > coalesce((
           select max(s.number) from attempt s
           where s.run_id = r.id and s.number < r.attempt and (s.started_at is not null or s.outcome not in ('released', 'lease-expired'))), 0)
       ) else 0 end as returns,
       exists (select from slot s where s.run_id = r.id) or exists (select from waiter w where w.run_id = r.id) as holds,
       case when cardinality($2::text[]) > 0 then (
         select array_agg(e.transition_id) from run_event e
         where e.run_id = r.id and e.run_day = any($3::date[]) and e.transition_id = any($2::text[])
       ) end as applied
from run r
left join attempt a on a.run_id = r.id and a.number = r.attempt
where r.id = any($1::uuid[])
