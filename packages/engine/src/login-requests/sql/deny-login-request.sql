-- deny-login-request
update login_request
set denied_at = $2::timestamptz
where user_code = $1 and approved_by is null and denied_at is null and expires_at > $2::timestamptz
returning client_name
