-- read-pool-variables
-- `limited`: the workspace has limits at all. Most have none, and then a claim has nothing more to ask.
select p.workspace_id, p.variables, exists (select from concurrency_limit l where l.workspace_id = p.workspace_id) as limited
from work_pool p
where p.id = $1
