-- find-live-run
select name from run
where workspace_id = $1::uuid and deployment_id = $2::uuid and state_type in ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')
limit 1
