-- approve-login-request
update login_request
set approved_by = $2::uuid, workspace_id = $3::uuid
where user_code = $1 and approved_by is null and denied_at is null and expires_at > $4::timestamptz
returning id, client_name
