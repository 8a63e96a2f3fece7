-- find-next-due
select min(due_at) as due_at from run where state_type = 'SCHEDULED' and not ready and state_name <> 'AwaitingSlot' and due_at > $1
