-- lock-runs
-- In id order, so that two batches never wait for each other in a circle.
select id from run where id = any($1::uuid[]) order by id for update
