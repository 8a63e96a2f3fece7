-- lock-limits
select id from concurrency_limit where id = any($1::uuid[]) order by id for no key update
