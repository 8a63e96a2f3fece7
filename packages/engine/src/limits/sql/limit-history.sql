-- limit-history
-- Use and line of a limit ($1 workspace, $2 limit) between $3 and $4 in buckets of $5 seconds: the most at any moment of each, and how long
-- those had waited who were let in. From the slots that are held and those of a day that were freed; nothing is sampled.
with held as materialized (
  select arrived_at, granted_at, null::timestamptz as freed_at, weight from slot where workspace_id = $1::uuid and limit_id = $2::uuid
  union all
  select arrived_at, granted_at, freed_at, weight from slot_history where workspace_id = $1::uuid and limit_id = $2::uuid and freed_at > $3::timestamptz
), waits as materialized (
  select arrived_at as began, granted_at as ended from held where granted_at > arrived_at and granted_at > $3::timestamptz
  union all
  select since, null from waiter where workspace_id = $1::uuid and limit_id = $2::uuid
), steps as (
  select granted_at as at, weight as used, 0 as waiting from held
  union all select freed_at, -weight, 0 from held where freed_at is not null
  union all select began, 0, 1 from waits
  union all select ended, 0, -1 from waits where ended is not null
  union all select g, 0, 0 from generate_series($3::timestamptz, $4::timestamptz, make_interval(secs => $5)) g
), moments as (
  -- Of what happens in the same millisecond only the outcome counts.
  select at, sum(sum(used)) over (order by at) as used, sum(sum(waiting)) over (order by at) as waiting from steps group by at
), buckets as (
  select floor(extract(epoch from at - $3::timestamptz) / $5)::int as bucket, max(used)::int as max_used, max(waiting)::int as max_waiting
  from moments where at >= $3::timestamptz and at < $4::timestamptz
  group by 1
), grants as (
  select floor(extract(epoch from granted_at - $3::timestamptz) / $5)::int as bucket, count(*)::int as granted,
         avg(extract(epoch from granted_at - arrived_at) * 1000)::float8 as wait_mean, max(extract(epoch from granted_at - arrived_at) * 1000)::float8 as wait_max
  from held where granted_at >= $3::timestamptz and granted_at < $4::timestamptz
  group by 1
)
select b.bucket, b.max_used, b.max_waiting, coalesce(g.granted, 0) as granted, coalesce(g.wait_mean, 0) as wait_mean, coalesce(g.wait_max, 0) as wait_max
from buckets b left join grants g using (bucket)
order by b.bucket
