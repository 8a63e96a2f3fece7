-- mark-counted
update concurrency_limit set counted = true where id = $1::uuid
