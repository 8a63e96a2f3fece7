-- disconnect-agents
-- Only where this gateway is still the one that holds the agent: it may have connected elsewhere meanwhile.
update agent set gateway_id = null, connected_at = null, last_seen_at = $3
where id = any($1::uuid[]) and gateway_id = $2
returning id, pool_id
