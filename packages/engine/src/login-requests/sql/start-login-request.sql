-- start-login-request
-- Requests that ended a day ago make room: each start takes the litter of others with it.
with gone as (
  delete from login_request where expires_at < $5::timestamptz - interval '1 day'
)
insert into login_request (id, device_code_hash, user_code, client_name, created_at, expires_at)
values ($1::uuid, $2::bytea, $3, $4, $5::timestamptz, $6::timestamptz)
