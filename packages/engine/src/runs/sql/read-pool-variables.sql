-- read-pool-variables
select variables from work_pool where id = $1
