-- sweep-agents
update agent set gateway_id = null, connected_at = null
where gateway_id is not null and last_seen_at < $1
returning id, pool_id
