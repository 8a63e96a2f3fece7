-- read-next-xid
-- A number of its own: every transaction that has one by now has a smaller one. (The end of a snapshot is not enough: that is the first number after those
-- that have ended, and a transaction that began before the last one to end may have it and go on.)
select pg_current_xact_id()::text as next_xid
