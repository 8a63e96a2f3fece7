-- list-run-ids-by-state
-- As list-run-ids, with $9 types and $10 names of states: the newest of each type through its index, then the newest of all.
with candidates as materialized (
  select c.id, c.name, c.tags
  from unnest($9::text[]) t (state_type)
  cross join lateral (
    select r.id, r.name, r.tags from run r
    where r.workspace_id = $1::uuid and r.state_type = t.state_type and r.state_name = any($10::text[])
      and ($2::uuid is null or r.id < $2)
      and ($3::text is null or r.deployment_id = (select d.id from deployment d where d.workspace_id = $1 and d.name = $3))
      and ($4::text is null or r.pool_id = (select p.id from work_pool p where p.workspace_id = $1 and p.name = $4))
    order by r.id desc
    limit $7::int
  ) c
  order by c.id desc
  limit $7::int
)
select array(
         select id from candidates
         where ($5::text is null or tags @> array[$5]) and ($6::text is null or name ilike $6 or id::text like $6)
         order by id desc
         limit $8::int) as ids,
       (select id from candidates order by id desc offset $7::int - 1 limit 1) as looked_to
