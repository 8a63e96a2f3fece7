-- lock-held-limits
-- The limits of whatever these runs ($1), or these task runs ($2, $3), hold or wait for; in id order. The runs are locked, so this set cannot grow.
-- The set is an array, computed once before any lock: PostgreSQL checks a row again that somebody changed while this waited for it, and a join with
-- the union then finds nothing, so that a limit that was just being edited would be left out (and whoever is next at it not called).
select id from concurrency_limit
where id = any(array(
  select limit_id from slot where run_id = any($1::uuid[])
  union all
  select limit_id from waiter where run_id = any($1::uuid[])
  union all
  select limit_id from slot where (run_id, task_key) in (select * from unnest($2::uuid[], $3::text[])) and run_id = any($2::uuid[])
  union all
  select limit_id from waiter where (run_id, task_key) in (select * from unnest($2::uuid[], $3::text[])) and run_id = any($2::uuid[])
))
order by id
for no key update
