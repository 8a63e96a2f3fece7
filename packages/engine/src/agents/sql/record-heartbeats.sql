-- record-heartbeats
-- One update for all agents of a flush, in id order. Rows of agents that another gateway holds by now are left alone and not returned.
-- An agent that nobody holds (swept while the database was away) is taken back.
with beat as (
  select * from unnest($2::uuid[], $3::jsonb[], $4::boolean[], $5::int[]) as b (id, load, draining, skew_ms)
), held as (
  select a.id, b.load, b.draining, b.skew_ms,
         a.draining is distinct from b.draining or a.load -> 'running' is distinct from b.load -> 'running' or a.gateway_id is null as changed
  from agent a join beat b using (id)
  where a.gateway_id = $1 or a.gateway_id is null
  order by a.id
  for no key update of a
)
update agent a set gateway_id = $1, connected_at = coalesce(a.connected_at, $6), load = h.load, draining = h.draining, skew_ms = h.skew_ms, last_seen_at = $6
from held h
where a.id = h.id
returning a.id, a.pool_id, h.changed
