-- find-runs-by-ref
-- $1 workspace, $2 exact name, $3 start or end of an id or null, $4 how far back to look. An exact name beats parts of ids.
with recent as materialized (
  select id, name from run where workspace_id = $1::uuid order by id desc limit $4::int
), named as (
  select id, name from recent where name = $2 order by id desc limit 3
), parts as (
  select id, name from recent where $3::text is not null and (id::text like $3 || '%' or id::text like '%' || $3) order by id desc limit 3
)
select id, name from named
union all
select id, name from parts where not exists (select from named)
