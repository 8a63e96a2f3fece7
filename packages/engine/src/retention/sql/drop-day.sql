-- drop-day
select towline_drop_day($1, $2::date, $3::uuid[], $4::int) as dropped
