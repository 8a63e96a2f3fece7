-- find-displaced-agents
select wanted.id
from unnest($1::uuid[]) as wanted (id)
left join agent a on a.id = wanted.id
where a.id is null or a.gateway_id <> $2
