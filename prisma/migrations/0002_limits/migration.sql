-- Concurrency limits: bounds, held slots, lines, and a day of history.

ALTER TABLE "run" ADD COLUMN "rank" BIGINT NOT NULL DEFAULT 0;

CREATE TABLE "concurrency_limit" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "pool_id" UUID,
    "queue_id" UUID,
    "deployment_id" UUID,
    "tag" TEXT,
    "slots" INTEGER,
    "rate_count" INTEGER,
    "rate_window_seconds" INTEGER,
    "collision" TEXT NOT NULL DEFAULT 'enqueue',
    "counted" BOOLEAN NOT NULL DEFAULT true,
    "description" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "concurrency_limit_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "slot" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "limit_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "task_key" TEXT,
    "weight" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "arrived_at" TIMESTAMPTZ(3) NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slot_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "waiter" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "limit_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt" INTEGER,
    "task_key" TEXT,
    "queue_id" UUID NOT NULL,
    "weight" INTEGER NOT NULL,
    "tier" INTEGER NOT NULL,
    "rank" BIGINT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "woken_at" TIMESTAMPTZ(3),
    "hold" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "waiter_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "slot_history" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "limit_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "task_key" TEXT,
    "weight" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL,
    "arrived_at" TIMESTAMPTZ(3) NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "freed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slot_history_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "concurrency_limit_workspace_id_id_key" ON "concurrency_limit"("workspace_id", "id");
CREATE UNIQUE INDEX "concurrency_limit_workspace_id_pool_id_key" ON "concurrency_limit"("workspace_id", "pool_id");
CREATE UNIQUE INDEX "concurrency_limit_workspace_id_queue_id_key" ON "concurrency_limit"("workspace_id", "queue_id");
CREATE UNIQUE INDEX "concurrency_limit_workspace_id_deployment_id_key" ON "concurrency_limit"("workspace_id", "deployment_id");
CREATE UNIQUE INDEX "concurrency_limit_workspace_id_tag_key" ON "concurrency_limit"("workspace_id", "tag");
CREATE INDEX "slot_limit_id_granted_at_idx" ON "slot"("limit_id", "granted_at");
CREATE INDEX "slot_run_id_idx" ON "slot"("run_id");
CREATE INDEX "waiter_line" ON "waiter"("limit_id", "tier", "rank", "run_id");
CREATE INDEX "slot_history_limit_id_granted_at_idx" ON "slot_history"("limit_id", "granted_at");
CREATE INDEX "slot_history_freed_at_idx" ON "slot_history"("freed_at");

ALTER TABLE "concurrency_limit" ADD CONSTRAINT "concurrency_limit_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "concurrency_limit" ADD CONSTRAINT "concurrency_limit_workspace_id_pool_id_fkey" FOREIGN KEY ("workspace_id", "pool_id") REFERENCES "work_pool"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "concurrency_limit" ADD CONSTRAINT "concurrency_limit_workspace_id_queue_id_fkey" FOREIGN KEY ("workspace_id", "queue_id") REFERENCES "queue"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "concurrency_limit" ADD CONSTRAINT "concurrency_limit_workspace_id_deployment_id_fkey" FOREIGN KEY ("workspace_id", "deployment_id") REFERENCES "deployment"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "slot" ADD CONSTRAINT "slot_workspace_id_limit_id_fkey" FOREIGN KEY ("workspace_id", "limit_id") REFERENCES "concurrency_limit"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "slot" ADD CONSTRAINT "slot_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id") REFERENCES "run"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "waiter" ADD CONSTRAINT "waiter_workspace_id_limit_id_fkey" FOREIGN KEY ("workspace_id", "limit_id") REFERENCES "concurrency_limit"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "waiter" ADD CONSTRAINT "waiter_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id") REFERENCES "run"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "slot_history" ADD CONSTRAINT "slot_history_workspace_id_limit_id_fkey" FOREIGN KEY ("workspace_id", "limit_id") REFERENCES "concurrency_limit"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ================================================================ what Prisma cannot say, from here on

CALL towline_fence('concurrency_limit', 'SELECT');
CALL towline_fence('slot', 'SELECT');
-- Pausing a deployment takes its runs out of every line.
CALL towline_fence('waiter', 'SELECT, DELETE');
CALL towline_fence('slot_history', 'SELECT');

-- ---------------------------------------------------------------- invariants
ALTER TABLE "concurrency_limit"
  ADD CONSTRAINT "concurrency_limit_subject" CHECK (
    num_nonnulls(pool_id, queue_id, deployment_id, tag) = 1
    AND kind = CASE WHEN pool_id IS NOT NULL THEN 'pool' WHEN queue_id IS NOT NULL THEN 'queue' WHEN deployment_id IS NOT NULL THEN 'deployment' ELSE 'tag' END),
  ADD CONSTRAINT "concurrency_limit_numbers" CHECK (slots >= 0 AND rate_count >= 0 AND rate_window_seconds >= 1),
  ADD CONSTRAINT "concurrency_limit_rate" CHECK ((rate_count IS NULL) = (rate_window_seconds IS NULL)),
  ADD CONSTRAINT "concurrency_limit_collision" CHECK (collision IN ('enqueue', 'cancel-new', 'replace-oldest') AND (collision = 'enqueue' OR kind = 'deployment'));
ALTER TABLE "slot" ADD CONSTRAINT "slot_numbers" CHECK (weight >= 1 AND attempt >= 1);
ALTER TABLE "waiter"
  ADD CONSTRAINT "waiter_numbers" CHECK (weight >= 1),
  ADD CONSTRAINT "waiter_hold" CHECK (hold IN ('paused', 'too-heavy', 'full', 'rate', 'in-line')),
  ADD CONSTRAINT "waiter_task" CHECK ((attempt IS NULL) = (task_key IS NULL));
-- A holder takes slots of a limit once, and stands in one line at a time.
CREATE UNIQUE INDEX "slot_holder" ON "slot" (limit_id, run_id, attempt, coalesce(task_key, ''));
CREATE UNIQUE INDEX "waiter_holder" ON "waiter" (run_id, coalesce(task_key, ''));
-- Offers that nobody has taken yet.
CREATE INDEX "waiter_woken" ON "waiter" (limit_id, woken_at) WHERE woken_at IS NOT NULL;
-- Time opens these.
CREATE INDEX "waiter_until" ON "waiter" (until) WHERE until IS NOT NULL;
-- Task runs that may have stopped asking.
CREATE INDEX "waiter_seen" ON "waiter" (seen_at) WHERE task_key IS NOT NULL;

-- ---------------------------------------------------------------- the claim and the promotion
UPDATE "run" SET rank = floor(extract(epoch FROM due_at) * 1000)::bigint - priority::bigint * 60000 WHERE state_type IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING');
-- Of a queue the smallest rank: a priority is a head start of so many minutes, so that nothing waits for ever. Blocked, future and finished
-- runs are not in it.
DROP INDEX "run_ready";
CREATE INDEX "run_ready" ON "run" (queue_id, rank, id) WHERE ready;
-- Runs that wait for a slot are due already, and may be many: time has nothing to do with them.
DROP INDEX "run_future";
CREATE INDEX "run_future" ON "run" (due_at) WHERE state_type = 'SCHEDULED' AND NOT ready AND state_name <> 'AwaitingSlot';

-- ---------------------------------------------------------------- storage: few live rows, written all the time
ALTER TABLE "slot" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE "waiter" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE "slot_history" SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
