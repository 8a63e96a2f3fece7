-- take-turn
-- One scheduler at a time forgets history; it goes with its transaction.
select pg_try_advisory_xact_lock(hashtext('towline_retention')) as mine
