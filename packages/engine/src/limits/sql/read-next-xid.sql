-- read-next-xid
-- Every transaction with an earlier number may have begun before what is committed by now.
select pg_snapshot_xmax(pg_current_snapshot())::text as next_xid
