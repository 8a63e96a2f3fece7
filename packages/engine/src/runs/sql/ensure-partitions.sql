-- ensure-partitions
select towline_ensure_partitions($1::date, $2::int) as made
