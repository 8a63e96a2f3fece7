-- authenticate-key
select k.id, k.workspace_id, k.kind, k.name,
       k.revoked_at is not null as revoked,
       coalesce(k.expires_at <= $2::timestamptz, false) as expired,
       coalesce(k.last_used_at < $2::timestamptz - interval '1 minute', true) as stale,
       u.id as user_id, u.email as user_email, u.name as user_name
from api_key k
left join "user" u on u.id = k.user_id
where k.hash = $1::bytea
