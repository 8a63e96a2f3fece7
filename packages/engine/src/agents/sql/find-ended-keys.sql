-- find-ended-keys
select wanted.id, k.revoked_at is not null as revoked, k.id is null as deleted
from unnest($1::uuid[]) as wanted (id)
left join api_key k on k.id = wanted.id
where k.id is null or k.revoked_at is not null or k.expires_at <= $2
