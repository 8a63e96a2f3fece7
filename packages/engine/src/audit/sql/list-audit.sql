-- list-audit
-- $1 workspace, $2 ids below this one or null, $3 pattern of an actor or null, $4 id of an actor or null, $5 action or null, $6 noun of an action or null,
-- $7 pattern of a subject or null, $8 id of a subject or null, $9 kind of the subject of that id or null, $10 how many candidates to look at, $11 how many to return.
-- Names have no index: candidates stream in order of ids until enough fit, and the next page goes on from `looked_to`.
with candidates as materialized (
  select e.* from audit_entry e
  where e.workspace_id = $1::uuid
    and ($2::uuid is null or e.id < $2)
    and ($9::text is null or (e.subject_kind = $9 and e.subject_id = $8::uuid))
  order by e.id desc
  limit $10::int
), fitting as (
  select c.* from candidates c
  where ($3::text is null or c.actor_name ilike $3 or c.actor_id = $4::uuid)
    and ($5::text is null or c.action = $5)
    and ($6::text is null or split_part(c.action, '.', 1) = $6)
    and ($7::text is null or (c.subject_kind || ':' || c.subject_name) ilike $7 or c.subject_id = $8::uuid)
  order by c.id desc
  limit $11::int
)
select coalesce((select json_agg(f order by f.id desc) from fitting f), '[]') as entries,
       case when (select count(*) from candidates) = $10::int then (select min(id::text)::uuid from candidates) end as looked_to
