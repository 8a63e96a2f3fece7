-- prune-audit
-- $1 entries before this moment, $2 at most so many.
with old as (select id from audit_entry where at < $1::timestamptz order by at limit $2::int)
delete from audit_entry e using old where e.id = old.id
