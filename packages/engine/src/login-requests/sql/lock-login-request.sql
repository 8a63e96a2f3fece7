-- lock-login-request
-- The workspace only while the person who approved still belongs to it.
select l.id, l.client_name, l.expires_at, l.approved_by, l.denied_at, l.consumed_at, u.name as approver_name,
       case when m.user_id is not null then json_build_object('id', w.id, 'slug', w.slug, 'name', w.name) end as workspace
from login_request l
left join "user" u on u.id = l.approved_by
left join workspace w on w.id = l.workspace_id
left join membership m on m.workspace_id = w.id and m.user_id = l.approved_by
where l.device_code_hash = $1::bytea
for update of l
