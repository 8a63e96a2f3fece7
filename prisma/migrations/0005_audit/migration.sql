-- What people and keys change: one row per change, written by the transaction that makes it.

CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "subject_name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "reason" TEXT,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- Pages of a workspace, and of one subject, newest first.
CREATE UNIQUE INDEX "audit_entry_workspace_id_id_key" ON "audit_entry"("workspace_id", "id");
CREATE INDEX "audit_entry_workspace_id_subject_kind_subject_id_id_idx" ON "audit_entry"("workspace_id", "subject_kind", "subject_id", "id");
-- Retention, across workspaces.
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");

ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ================================================================ what Prisma cannot say, from here on

-- What is written stays as it is: nobody has the privilege to change or take away an entry but the engine, whose retention ends them.
CALL towline_fence('audit_entry', 'SELECT, INSERT');
REVOKE UPDATE ON "audit_entry" FROM towline_engine;

-- ---------------------------------------------------------------- invariants
ALTER TABLE "audit_entry"
  ADD CONSTRAINT "audit_entry_actor" CHECK (actor_kind IN ('person', 'key')),
  ADD CONSTRAINT "audit_entry_action" CHECK (action ~ '^[a-z]+\.[a-z-]+$');
