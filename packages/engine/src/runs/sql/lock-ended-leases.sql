-- lock-ended-leases
select id from run
where lease_expires_at is not null and lease_expires_at < $1
order by lease_expires_at
limit $2
for no key update skip locked
