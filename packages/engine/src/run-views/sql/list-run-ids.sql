-- list-run-ids
-- $1 workspace, $2 ids below this one or null, $3 deployment or null, $4 pool or null, $5 tag or null, $6 pattern of a name or null,
-- $7 how many candidates to look at, $8 how many to return. Planned for its values: a filter that is null costs nothing.
-- Tags and names have no index (it would slow down every run that is made): candidates stream in order of ids until enough fit.
with found as materialized (
  select c.id
  from (
    select r.id, r.name, r.tags from run r
    where r.workspace_id = $1::uuid
      and ($2::uuid is null or r.id < $2)
      and ($3::text is null or r.deployment_id = (select d.id from deployment d where d.workspace_id = $1 and d.name = $3))
      and ($4::text is null or r.pool_id = (select p.id from work_pool p where p.workspace_id = $1 and p.name = $4))
    order by r.id desc
    limit $7::int
  ) c
  where ($5::text is null or c.tags @> array[$5]) and ($6::text is null or c.name ilike $6 or c.id::text like $6)
  order by c.id desc
  limit $8::int
)
select array(select id from found order by id desc) as ids,
       case when (select count(*) from found) < $8::int then (
         select r.id from run r
         where r.workspace_id = $1::uuid
           and ($2::uuid is null or r.id < $2)
           and ($3::text is null or r.deployment_id = (select d.id from deployment d where d.workspace_id = $1 and d.name = $3))
           and ($4::text is null or r.pool_id = (select p.id from work_pool p where p.workspace_id = $1 and p.name = $4))
         order by r.id desc
         offset $7::int - 1
         limit 1
       ) end as looked_to
