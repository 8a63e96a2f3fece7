-- delete-limit
delete from concurrency_limit l where l.id = $1::uuid and not exists (select from waiter w where w.limit_id = l.id) returning l.id
