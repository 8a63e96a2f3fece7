-- prune-slot-history
-- A rate looks back a day at most, and so do the picture and the rehearsal.
with old as (select id from slot_history where freed_at < $1::timestamptz - interval '25 hours' order by freed_at limit 20000)
delete from slot_history h using old where h.id = old.id
