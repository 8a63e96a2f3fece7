-- The gateways that are there. A lease can only be renewed through one, so nobody's lease may end for want of a gateway.
CREATE TABLE "gateway" (
    "id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gateway_pkey" PRIMARY KEY ("id")
);

-- Global and the engine's alone: it holds nothing of any workspace.
GRANT SELECT, INSERT, UPDATE, DELETE ON "gateway" TO towline_engine;

-- One or two rows, rewritten every few seconds.
ALTER TABLE "gateway" SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
