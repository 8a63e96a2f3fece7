-- find-uncounted
-- Limits whose maker died before it had counted who runs already.
select id, workspace_id, kind, pool_id, queue_id, deployment_id, tag from concurrency_limit where not counted and created_at < $1::timestamptz - interval '5 s'
