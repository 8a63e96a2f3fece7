-- read-deployment-limit
select slots, rate_count, rate_window_seconds, collision from concurrency_limit where workspace_id = $1::uuid and deployment_id = $2::uuid
