-- forget-runs
-- $1 runs whose id is below this one, $2 that ended before this moment, $3 at most so many. Attempts and task runs go with them.
-- What somebody changes at the moment (a retry) is passed over.
with old as (
  select id from run where id < $1::uuid and ended_at < $2::timestamptz order by id limit $3::int for update skip locked
)
delete from run r using old where r.id = old.id
returning r.id
