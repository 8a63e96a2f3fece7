-- read-next-xid
-- Every transaction with an earlier number may have begun before what is committed by now. A number of its own: the end of a snapshot is the
-- number after the last transaction that has ended, and one that is under way may have that or a later one.
select pg_current_xact_id()::text as next_xid
