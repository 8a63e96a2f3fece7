-- delete-moved-lines
-- Of runs whose day was dropped before they ended: it moved to where no day is dropped.
delete from log_line where run_day = any($1::date[]) and run_id = any($2::uuid[])
