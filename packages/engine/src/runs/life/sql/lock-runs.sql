-- lock-runs
-- In id order, so that two batches never wait for each other in a circle. No key changes, so rows that refer to a run need not wait.
select id from run where id = any($1::uuid[]) order by id for no key update
