-- set-reuse
-- Of a run that is locked: do the attempts from now on take over results of earlier ones?
update run set reuses = $3 where workspace_id = $1::uuid and id = $2::uuid and reuses <> $3
