-- list-workspaces
select w.id, w.slug, w.name, m.role
from membership m
join workspace w on w.id = m.workspace_id
where m.user_id = $1::uuid
order by lower(w.name), w.id
