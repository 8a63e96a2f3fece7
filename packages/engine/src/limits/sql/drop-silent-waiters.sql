-- drop-silent-waiters
-- Task runs that have not asked for a minute gave up, or their process did.
delete from waiter where limit_id = $1::uuid and task_key is not null and seen_at < $2::timestamptz - interval '60 s'
