-- Until when the current attempt must have started, and then must have ended. Its agent sees to it; the control plane ends what no agent ended,
-- and finds it here without a look at the runs that are in time.
ALTER TABLE "run" ADD COLUMN "deadline_at" TIMESTAMPTZ(3);

-- What runs at the moment of the migration is bounded too.
UPDATE "run" r SET deadline_at = a.started_at + make_interval(secs => r.timeout_seconds)
FROM "attempt" a
WHERE r.state_type = 'RUNNING' AND r.timeout_seconds IS NOT NULL AND a.run_id = r.id AND a.number = r.attempt AND a.started_at IS NOT NULL;

ALTER TABLE "run" ADD CONSTRAINT "run_deadline" CHECK (deadline_at IS NULL OR state_type IN ('PENDING', 'RUNNING'));
CREATE INDEX "run_deadline" ON "run" (deadline_at) WHERE deadline_at IS NOT NULL;

-- Ended by the control plane, as its agent did not: it was fenced, and is killed as soon as its agent is heard of.
ALTER TABLE "attempt" DROP CONSTRAINT "attempt_outcome";
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_outcome"
  CHECK (outcome IN ('completed', 'failed', 'timed-out', 'crashed', 'cancelled', 'released', 'lease-expired', 'overdue', 'failed-to-launch'));
