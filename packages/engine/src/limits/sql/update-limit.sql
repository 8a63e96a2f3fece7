-- update-limit
-- $3, $5, $8, $10: whether the value after it is to be taken. Never changed before its last grant: whoever was let in while this waited for the lock
-- came before, though both clocks may say otherwise, and the ledger must not call it one too many.
update concurrency_limit
set slots = case when $3::boolean then $4::int else slots end,
    rate_count = case when $5::boolean then $6::int else rate_count end,
    rate_window_seconds = case when $5::boolean then $7::int else rate_window_seconds end,
    collision = case when $8::boolean then $9::text else collision end,
    description = case when $10::boolean then $11::text else description end,
    updated_at = greatest($12::timestamptz, (select max(granted_at) from slot where limit_id = $2::uuid))
where workspace_id = $1::uuid and id = $2::uuid
returning id
