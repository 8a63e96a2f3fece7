-- insert-attempts
insert into attempt (run_id, number, workspace_id, agent_id, agent_name, claimed_at)
select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[])
