-- list-runs-of-day
-- Ids carry the moment in which they were made: $1 and $2 are the smallest of the day and of the next, $3 at most so many.
select id from run where id >= $1::uuid and id < $2::uuid limit $3::int
