-- read-log-frontier
-- How far the stream is stored without a gap from $5 on (which is), and the last line that is stored beyond.
select coalesce(max(seq) filter (where seq = expected), $5)::int as seq, coalesce(max(seq), $5)::int as last
from (
  select seq, row_number() over (order by seq) + $5 as expected
  from log_line
  where run_day = $1 and run_id = $2 and attempt = $3 and stream = $4 and seq > $5
) as line
