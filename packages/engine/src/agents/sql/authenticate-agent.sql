-- authenticate-agent
-- $1 hash of the key, $2 now. A wrong key costs one index probe; a good one notes its use at most once a minute.
with found as (
  select k.id, k.workspace_id, k.revoked_at, k.expires_at, k.last_used_at, p.id as pool_id, p.name, p.type, p.paused_at
  from api_key k
  join work_pool p on p.workspace_id = k.workspace_id and p.id = k.pool_id
  where k.hash = $1 and k.kind = 'agent'
), used as (
  update api_key k set last_used_at = $2
  from found f
  where k.id = f.id and f.revoked_at is null and (f.expires_at is null or f.expires_at > $2)
    and (f.last_used_at is null or f.last_used_at < $2::timestamptz - interval '1 minute')
)
select id as key_id, workspace_id, revoked_at is not null as revoked, coalesce(expires_at <= $2, false) as expired,
       pool_id, name as pool_name, type as pool_type, paused_at is not null as pool_paused
from found
