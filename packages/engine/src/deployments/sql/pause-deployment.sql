-- pause-deployment
-- $3: true, false or null for no change. A second pause keeps the moment of the first.
update deployment
set paused_at = case when $3::boolean is null then paused_at when $3 then coalesce(paused_at, $4::timestamptz) end
where workspace_id = $1::uuid and name = $2
returning id
