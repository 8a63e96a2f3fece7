-- A run lends the slots that it holds to its own task runs, and a task run to those inside it: otherwise a task with a tag of its run would wait for ever
-- for a slot that its own run holds. `weight` is what a holder takes of the limit itself, `lent` what it uses of its lender's.

-- `lender`: null, nothing is lent; '' the run; otherwise the key of the task run around it.
ALTER TABLE "slot" ADD COLUMN "lent" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "lender" TEXT;
ALTER TABLE "waiter" ADD COLUMN "lent" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "slot_history" ADD COLUMN "lent" INTEGER NOT NULL DEFAULT 0;

-- ================================================================ what Prisma cannot say, from here on

ALTER TABLE "slot"
  DROP CONSTRAINT "slot_numbers",
  ADD CONSTRAINT "slot_numbers" CHECK (weight >= 0 AND lent >= 0 AND weight + lent >= 1 AND attempt >= 1),
  ADD CONSTRAINT "slot_loan" CHECK ((lent = 0) = (lender IS NULL) AND (lent = 0 OR task_key IS NOT NULL));
ALTER TABLE "waiter"
  DROP CONSTRAINT "waiter_numbers",
  ADD CONSTRAINT "waiter_numbers" CHECK (weight >= 0 AND lent >= 0 AND weight + lent >= 1);
