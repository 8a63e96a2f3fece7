-- touch-key
update api_key
set last_used_at = $2::timestamptz
where id = $1::uuid and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')
