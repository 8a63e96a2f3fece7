-- lock-late-runs
select id from run
where ready and state_name = 'Scheduled' and due_at < $1
order by due_at
limit $2
for no key update skip locked
