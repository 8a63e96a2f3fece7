-- list-old-days
-- The days before $1 that have a partition of their own.
select p.relname as parent, to_date(right(c.relname, 8), 'YYYYMMDD') as day
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
join pg_class p on p.oid = i.inhparent
where i.inhparent in ('run_event'::regclass, 'log_line'::regclass) and c.relname ~ '_[0-9]{8}$' and to_date(right(c.relname, 8), 'YYYYMMDD') < $1::date
order by 2, 1
