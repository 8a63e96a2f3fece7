-- insert-login-key
with consumed as (
  update login_request set consumed_at = $8::timestamptz where id = $1::uuid
)
insert into api_key (id, workspace_id, kind, name, prefix, hash, user_id, created_at, expires_at)
values ($2::uuid, $3::uuid, 'user', $4, $5, $6::bytea, $7::uuid, $8::timestamptz, $9::timestamptz)
