-- find-open-since
select min(since) as since from gateway where seen_at >= $1
