-- What finished task runs returned, so that a retry of their run need not execute them again.
-- A result is JSON text of at most 64 KiB: as text it comes back to the byte (jsonb would reorder keys and refuse \u0000), and
-- long ones lie out of line, so that lists of task runs do not read them.

ALTER TABLE "task_run"
    ADD COLUMN "input_hash" BYTEA,
    ADD COLUMN "result" TEXT,
    ADD COLUMN "not_reusable" TEXT,
    ADD COLUMN "reused_from" INTEGER;

ALTER TABLE "run" ADD COLUMN "reuses" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "task_run"
    ADD CONSTRAINT "task_run_input_hash" CHECK (octet_length(input_hash) = 32),
    ADD CONSTRAINT "task_run_result" CHECK (result IS NULL OR (state = 'COMPLETED' AND not_reusable IS NULL AND octet_length(result) <= 65536)),
    ADD CONSTRAINT "task_run_reused_from" CHECK (reused_from >= 1 AND reused_from < attempt);
