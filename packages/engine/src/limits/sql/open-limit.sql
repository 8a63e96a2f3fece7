-- open-limit
update concurrency_limit set slots = null, rate_count = null, rate_window_seconds = null, collision = 'enqueue' where id = $1::uuid
