-- get-login-request
select user_code, client_name, created_at, expires_at, approved_by, denied_at, consumed_at
from login_request
where user_code = $1
