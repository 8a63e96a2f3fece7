-- insert-limit
insert into concurrency_limit (id, workspace_id, kind, pool_id, queue_id, deployment_id, tag, slots, rate_count, rate_window_seconds, collision, description,
                               created_at, updated_at, created_by, counted)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, false)
