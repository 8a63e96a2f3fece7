-- lock-deployment
-- Against new runs: their foreign key needs the row.
select id from deployment where workspace_id = $1::uuid and name = $2 for update
