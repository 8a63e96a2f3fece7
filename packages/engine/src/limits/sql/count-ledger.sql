-- count-ledger
select (select count(*)::int from concurrency_limit where workspace_id = $1::uuid) as limits,
       (select count(*)::int from slot where workspace_id = $1::uuid) as slots,
       (select count(*)::int from waiter where workspace_id = $1::uuid) as waiters
