-- lock-deployment
-- Against new runs: their foreign key needs the row.
select id, paused_at is not null as paused from deployment where workspace_id = $1::uuid and name = $2 for update
