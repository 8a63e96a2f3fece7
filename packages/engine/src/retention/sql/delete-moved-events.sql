-- delete-moved-events
-- Of runs whose day was dropped before they ended: it moved to where no day is dropped.
delete from run_event where run_day = any($1::date[]) and run_id = any($2::uuid[])
