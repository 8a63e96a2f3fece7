-- read-agent-pools
select id, name, type, paused_at is not null as paused from work_pool where id = any($1::uuid[])
