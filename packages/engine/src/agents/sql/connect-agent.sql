-- connect-agent
-- An id that belongs to another pool or workspace (a copied data folder, a guess) changes nothing and returns no row.
insert into agent (id, workspace_id, pool_id, key_id, name, version, host, capacity, capabilities, load, draining, skew_ms,
                   connected_at, gateway_id, last_seen_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '{}', false, $10, $12, $11, $12, $12)
on conflict (id) do update set
  key_id = excluded.key_id, name = excluded.name, version = excluded.version, host = excluded.host, capacity = excluded.capacity,
  capabilities = excluded.capabilities, draining = false, skew_ms = excluded.skew_ms, connected_at = excluded.connected_at,
  gateway_id = excluded.gateway_id, last_seen_at = excluded.last_seen_at
where agent.workspace_id = excluded.workspace_id and agent.pool_id = excluded.pool_id
returning id
