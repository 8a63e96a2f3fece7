-- record-gateway
with gone as (
  delete from gateway where seen_at < $2::timestamptz - interval '1 day'
)
insert into gateway (id, since, seen_at) values ($1, $2, $2)
on conflict (id) do update
set seen_at = excluded.seen_at,
    since = case when gateway.seen_at < $3 then excluded.seen_at else gateway.since end
