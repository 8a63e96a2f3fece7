-- find-next-opening
select min(until) as at from waiter where until is not null and until > $1
