-- park-runs
-- The deployment is paused: all its runs leave the ready set at once, so that they never stand in front of a runnable one.
-- The promotion of due runs brings them back when it goes on.
update run set ready = false
where id in (
  select id from run where ready and queue_id = any($1::uuid[]) and deployment_id = any($2::uuid[]) order by id for update skip locked)
