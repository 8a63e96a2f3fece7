-- get-overview
-- $1 workspace, $2 first id of the last 24 hours, $3 now, $4 where counting stops.
with ready as materialized (
  select r.id, r.state_name
  from queue q
  join run r on r.queue_id = q.id and r.ready
  where q.workspace_id = $1::uuid
  limit $4::int
), in_line as (
  -- Runs that a limit holds. Whoever was called is ready, and counted there.
  select 1
  from concurrency_limit l
  join waiter k on k.limit_id = l.id and k.task_key is null and k.woken_at is null
  where l.workspace_id = $1::uuid
  limit $4::int
)
select (select count(*)::int from (
         select 1 from run where workspace_id = $1::uuid and state_type in ('PENDING', 'RUNNING', 'CANCELLING') limit $4::int) x) as running,
       least((select count(*) from ready) + (select count(*) from in_line), $4::int)::int as waiting,
       (select count(*)::int from ready where state_name = 'Late') as late,
       (select count(*)::int from (
         select 1 from run where workspace_id = $1::uuid and state_type in ('FAILED', 'CRASHED') and id >= $2::uuid limit $4::int) x) as failed,
       (select count(*)::int from (
         select 1 from run where workspace_id = $1::uuid and state_type = 'COMPLETED' and id >= $2::uuid limit $4::int) x) as completed,
       array(
         select p.id from (
           (select id from run where workspace_id = $1::uuid and state_type = 'FAILED' and id >= $2::uuid order by id desc limit 10)
           union all
           (select id from run where workspace_id = $1::uuid and state_type = 'CRASHED' and id >= $2::uuid order by id desc limit 10)
           union all
           (select id from ready where state_name = 'Late' order by id desc limit 10)
         ) p order by p.id desc limit 10) as problem_ids,
       array(
         select p.id from (
           (select id from run where workspace_id = $1::uuid and state_type = 'RUNNING' order by id desc limit 10)
           union all
           (select id from run where workspace_id = $1::uuid and state_type = 'PENDING' order by id desc limit 10)
           union all
           (select id from run where workspace_id = $1::uuid and state_type = 'CANCELLING' order by id desc limit 10)
         ) p order by p.id desc limit 10) as running_ids,
       array(
         select id from run
         where workspace_id = $1::uuid and state_type = 'SCHEDULED' and not ready and due_at > $3::timestamptz
         order by due_at, id limit 10) as upcoming_ids
