-- find-membership
select w.id, w.slug, w.name, m.role
from membership m
join workspace w on w.id = m.workspace_id
where m.user_id = $1::uuid
  and (w.slug = $2::text or w.id = $3::uuid)
