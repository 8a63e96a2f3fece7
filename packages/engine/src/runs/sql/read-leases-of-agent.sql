-- read-leases-of-agent
select id, attempt from run where agent_id = $1 order by id
