-- get-user
select id, email, name from "user" where id = $1::uuid
