-- list-logs
-- $2 day of the run's id, $4 $5 $6 attempts, streams and last sequences of the cursor, $7 limit.
-- Each stream is read through the primary key from where the reader stands. The merge goes by the latest time so far of the stream, so
-- that a clock that jumps back cannot put a line before its elder: what is returned is a prefix of every stream.
with streams as (
  select n as attempt, s as stream, coalesce(c.seq, 0) as seq
  from generate_series(1, (select attempt from run where workspace_id = $1::uuid and id = $3::uuid)) n
  cross join unnest(array['stdout', 'stderr', 'log']) s
  left join unnest($4::int[], $5::text[], $6::int[]) c (attempt, stream, seq) on c.attempt = n and c.stream = s
)
select l.attempt, l.stream, l.seq, l.at, l.level, l.task, l.text
from streams s
cross join lateral (
  select x.attempt, x.stream, x.seq, x.at, x.level, x.task, x.text, max(x.at) over (order by x.seq) as latest
  from (
    select attempt, stream, seq, at, level, task, text
    from log_line
    where workspace_id = $1::uuid and run_day = $2::date and run_id = $3::uuid and attempt = s.attempt and stream = s.stream and seq > s.seq
    order by seq
    limit $7::int
  ) x
) l
order by l.attempt, l.latest, l.stream, l.seq
limit $7::int
