-- lock-demanded-limits
-- Every limit that holds for any of these runs, and those of the lines that they stand in ($6), locked in id order: never two transactions wait for each other in a circle. What is in
-- use and who waits is read by a statement of its own afterwards, whose snapshot is younger than the lock.
select l.id, l.pool_id, l.queue_id, l.deployment_id, l.tag
from concurrency_limit l
where l.workspace_id = $1::uuid
  and (l.id = any($6::uuid[]) or l.pool_id = any($2::uuid[]) or l.queue_id = any($3::uuid[]) or l.deployment_id = any($4::uuid[]) or l.tag = any($5::text[]))
order by l.id
for no key update
