-- Tables, keys and references as Prisma derives them from schema.prisma; the rest, which it has no words for, follows below.

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "image" TEXT,
    "password_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_account_id" TEXT NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login_request" (
    "id" UUID NOT NULL,
    "device_code_hash" BYTEA NOT NULL,
    "user_code" TEXT NOT NULL,
    "client_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "approved_by" UUID,
    "workspace_id" UUID,
    "denied_at" TIMESTAMPTZ(3),
    "consumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "login_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspace" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "guide_dismissed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "workspace_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("workspace_id","user_id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "user_id" UUID,
    "pool_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "work_pool" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "variables" JSONB NOT NULL DEFAULT '{}',
    "paused_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "work_pool_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queue" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "pool_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 100,
    "paused_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "queue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "pool_id" UUID NOT NULL,
    "key_id" UUID,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "host" JSONB NOT NULL,
    "capacity" INTEGER NOT NULL,
    "capabilities" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "load" JSONB NOT NULL DEFAULT '{}',
    "draining" BOOLEAN NOT NULL DEFAULT false,
    "skew_ms" INTEGER NOT NULL DEFAULT 0,
    "connected_at" TIMESTAMPTZ(3),
    "gateway_id" UUID,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flow" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "flow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "pool_id" UUID NOT NULL,
    "queue_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "current_version_id" UUID,
    "paused_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deployment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_version" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "deployment_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "manifest_hash" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "deployment_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bundle" (
    "workspace_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "size_bytes" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bundle_pkey" PRIMARY KEY ("workspace_id","sha256")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "deployment_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "pool_id" UUID NOT NULL,
    "queue_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "state_type" TEXT NOT NULL,
    "state_name" TEXT NOT NULL,
    "state_message" TEXT,
    "state_at" TIMESTAMPTZ(3) NOT NULL,
    "ready" BOOLEAN NOT NULL DEFAULT false,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "idempotency_key" TEXT,
    "parameters" JSONB NOT NULL,
    "variables" JSONB NOT NULL DEFAULT '{}',
    "tags" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "retries" JSONB NOT NULL,
    "timeout_seconds" DOUBLE PRECISION,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "crashes" INTEGER NOT NULL DEFAULT 0,
    "event_seq" INTEGER NOT NULL DEFAULT 0,
    "agent_id" UUID,
    "lease_expires_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "result" JSONB,
    "retried_from_id" UUID,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "run_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "workspace_id" UUID NOT NULL,
    "agent_id" UUID NOT NULL,
    "agent_name" TEXT NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "launched_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "exit_code" INTEGER,
    "signal" TEXT,
    "infrastructure" JSONB NOT NULL DEFAULT '{}',
    "failure" JSONB,
    "item_seq" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("run_id","number")
);

-- CreateTable
CREATE TABLE "task_run" (
    "run_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "message" TEXT,
    "try" INTEGER NOT NULL DEFAULT 1,
    "tags" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "depends_on" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "task_run_pkey" PRIMARY KEY ("run_id","attempt","key")
);

-- CreateTable
CREATE TABLE "run_event" (
    "run_day" DATE NOT NULL,
    "run_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "workspace_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "state_type" TEXT,
    "state_name" TEXT,
    "message" TEXT,
    "detail" JSONB,
    "transition_id" TEXT,

    CONSTRAINT "run_event_pkey" PRIMARY KEY ("run_day","run_id","seq")
) PARTITION BY RANGE ("run_day");

-- CreateTable
CREATE TABLE "log_line" (
    "run_day" DATE NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "stream" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "workspace_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "level" TEXT,
    "task" TEXT,
    "text" TEXT NOT NULL,

    CONSTRAINT "log_line_pkey" PRIMARY KEY ("run_day","run_id","attempt","stream","seq")
) PARTITION BY RANGE ("run_day");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE INDEX "account_user_id_idx" ON "account"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_provider_provider_account_id_key" ON "account"("provider", "provider_account_id");

-- CreateIndex
CREATE UNIQUE INDEX "login_request_device_code_hash_key" ON "login_request"("device_code_hash");

-- CreateIndex
CREATE UNIQUE INDEX "login_request_user_code_key" ON "login_request"("user_code");

-- CreateIndex
CREATE INDEX "login_request_expires_at_idx" ON "login_request"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "workspace_slug_key" ON "workspace"("slug");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "api_key_workspace_id_pool_id_idx" ON "api_key"("workspace_id", "pool_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_workspace_id_id_key" ON "api_key"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "work_pool_workspace_id_name_key" ON "work_pool"("workspace_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "work_pool_workspace_id_id_key" ON "work_pool"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "queue_workspace_id_pool_id_idx" ON "queue"("workspace_id", "pool_id");

-- CreateIndex
CREATE UNIQUE INDEX "queue_pool_id_name_key" ON "queue"("pool_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "queue_workspace_id_id_key" ON "queue"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "agent_workspace_id_pool_id_idx" ON "agent"("workspace_id", "pool_id");

-- CreateIndex
CREATE UNIQUE INDEX "agent_workspace_id_id_key" ON "agent"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "flow_workspace_id_name_key" ON "flow"("workspace_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "flow_workspace_id_id_key" ON "flow"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "deployment_workspace_id_pool_id_idx" ON "deployment"("workspace_id", "pool_id");

-- CreateIndex
CREATE INDEX "deployment_workspace_id_queue_id_idx" ON "deployment"("workspace_id", "queue_id");

-- CreateIndex
CREATE INDEX "deployment_workspace_id_flow_id_idx" ON "deployment"("workspace_id", "flow_id");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_workspace_id_name_key" ON "deployment"("workspace_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_workspace_id_id_key" ON "deployment"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_version_deployment_id_manifest_hash_key" ON "deployment_version"("deployment_id", "manifest_hash");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_version_deployment_id_number_key" ON "deployment_version"("deployment_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_version_workspace_id_deployment_id_id_key" ON "deployment_version"("workspace_id", "deployment_id", "id");

-- CreateIndex
CREATE INDEX "run_list_by_deployment" ON "run"("workspace_id", "deployment_id", "id" DESC);

-- CreateIndex
CREATE INDEX "run_list_by_pool" ON "run"("workspace_id", "pool_id", "id" DESC);

-- CreateIndex
CREATE INDEX "run_list_by_state" ON "run"("workspace_id", "state_type", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "run_workspace_id_id_key" ON "run"("workspace_id", "id");

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_workspace_id_pool_id_fkey" FOREIGN KEY ("workspace_id", "pool_id") REFERENCES "work_pool"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "work_pool" ADD CONSTRAINT "work_pool_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue" ADD CONSTRAINT "queue_workspace_id_pool_id_fkey" FOREIGN KEY ("workspace_id", "pool_id") REFERENCES "work_pool"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_workspace_id_pool_id_fkey" FOREIGN KEY ("workspace_id", "pool_id") REFERENCES "work_pool"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow" ADD CONSTRAINT "flow_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_workspace_id_flow_id_fkey" FOREIGN KEY ("workspace_id", "flow_id") REFERENCES "flow"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_workspace_id_pool_id_fkey" FOREIGN KEY ("workspace_id", "pool_id") REFERENCES "work_pool"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_workspace_id_queue_id_fkey" FOREIGN KEY ("workspace_id", "queue_id") REFERENCES "queue"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment_version" ADD CONSTRAINT "deployment_version_workspace_id_deployment_id_fkey" FOREIGN KEY ("workspace_id", "deployment_id") REFERENCES "deployment"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_workspace_id_deployment_id_fkey" FOREIGN KEY ("workspace_id", "deployment_id") REFERENCES "deployment"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_workspace_id_deployment_id_version_id_fkey" FOREIGN KEY ("workspace_id", "deployment_id", "version_id") REFERENCES "deployment_version"("workspace_id", "deployment_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id") REFERENCES "run"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_run" ADD CONSTRAINT "task_run_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id") REFERENCES "run"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ================================================================ what Prisma cannot say, from here on

-- ---------------------------------------------------------------- roles
-- towline_api serves pages and calls: it sees one workspace at a time. towline_engine serves the loops, the agents' door and sign-in:
-- it crosses tenants. Neither owns anything, logs in, or has BYPASSRLS (managed PostgreSQL cannot grant it): the process logs in as the
-- owner and each connection switches to its role. Roles belong to the whole cluster, so another database may have made them already,
-- or be making them right now.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['towline_api', 'towline_engine'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'The database user % may not create roles. As an administrator run: CREATE ROLE towline_api NOLOGIN; CREATE ROLE towline_engine NOLOGIN; GRANT towline_api, towline_engine TO %', current_user, quote_ident(current_user);
      END;
    END IF;
    IF NOT pg_has_role(current_user, wanted, 'USAGE') THEN
      BEGIN
        EXECUTE format('GRANT %I TO %I', wanted, current_user);
      EXCEPTION WHEN unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
END
$$;

GRANT USAGE ON SCHEMA public TO towline_api, towline_engine;

-- The workspace of the present transaction; null (so: no row at all) when nobody set one. Once it was set in a session,
-- PostgreSQL remembers the empty string rather than nothing.
CREATE FUNCTION towline_workspace_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('towline.workspace_id', true), '')::uuid;

-- ---------------------------------------------------------------- row-level security
-- One helper for this and every later migration: a table with workspace_id is fenced by one call.
-- FORCE holds the owner to the policies as well (it is a member of towline_engine, whose policy lets it see all).
CREATE PROCEDURE towline_fence(relation regclass, api_privileges text, tenant_column text DEFAULT 'workspace_id')
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
  EXECUTE format('CREATE POLICY tenant ON %s TO towline_api USING (%I = towline_workspace_id()) WITH CHECK (%2$I = towline_workspace_id())', relation, tenant_column);
  EXECUTE format('CREATE POLICY engine ON %s TO towline_engine USING (true) WITH CHECK (true)', relation);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO towline_engine', relation);
  IF api_privileges <> '' THEN
    EXECUTE format('GRANT %s ON %s TO towline_api', api_privileges, relation);
  END IF;
END
$$;
REVOKE EXECUTE ON PROCEDURE towline_fence FROM PUBLIC;

-- People are global: only the engine's role reads them, through a membership or an e-mail address.
GRANT SELECT, INSERT, UPDATE, DELETE ON "user", "account", "login_request" TO towline_engine;

CALL towline_fence('workspace', 'SELECT, UPDATE', 'id');
CALL towline_fence('membership', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('api_key', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('work_pool', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('queue', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('agent', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('flow', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('deployment', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('deployment_version', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('bundle', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('run', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('attempt', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('task_run', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('run_event', 'SELECT, INSERT, UPDATE, DELETE');
CALL towline_fence('log_line', 'SELECT, INSERT, UPDATE, DELETE');

-- ---------------------------------------------------------------- partitions of the history
-- Nobody has a grant on a partition: the way in is the parent with its policies.
CREATE TABLE "run_event_default" PARTITION OF "run_event" DEFAULT;
CREATE TABLE "log_line_default" PARTITION OF "log_line" DEFAULT;
ALTER TABLE "run_event_default" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "run_event_default" FORCE ROW LEVEL SECURITY;
ALTER TABLE "log_line_default" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "log_line_default" FORCE ROW LEVEL SECURITY;

-- Makes the daily partitions from a day on that are missing, and says how many it made. Callable by the engine, which owns nothing: so it
-- runs as its owner, with a fixed search_path. A partition is made aside and attached, because CREATE TABLE … PARTITION OF
-- would lock the parent against every reader. Rows that were written before their day had a partition move out of the default one.
CREATE FUNCTION towline_ensure_partitions(from_day date, days integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  parent text;
  child text;
  day date;
  made integer := 0;
BEGIN
  IF days IS NULL OR days < 0 OR days > 400 THEN
    RAISE EXCEPTION 'days must be between 0 and 400';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('towline_ensure_partitions'));
  FOREACH parent IN ARRAY ARRAY['run_event', 'log_line'] LOOP
    FOR day IN SELECT from_day + n FROM generate_series(0, days - 1) AS n LOOP
      child := parent || '_' || to_char(day, 'YYYYMMDD');
      CONTINUE WHEN to_regclass('public.' || child) IS NOT NULL;
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', child, parent);
      EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT day CHECK (run_day = %L)', child, day);
      IF EXISTS (SELECT FROM public.run_event WHERE run_day = day) OR EXISTS (SELECT FROM public.log_line WHERE run_day = day) THEN
        EXECUTE format('WITH moved AS (DELETE FROM public.%I WHERE run_day = %L RETURNING *) INSERT INTO public.%I SELECT * FROM moved', parent, day, child);
      END IF;
      EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', child);
      EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', child);
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', parent, child, day, day + 1);
      EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT day', child);
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;
REVOKE EXECUTE ON FUNCTION towline_ensure_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION towline_ensure_partitions TO towline_engine;

-- Yesterday too: a run created shortly before midnight may be written about now.
SELECT towline_ensure_partitions((now() AT TIME ZONE 'utc')::date - 1, 9);

-- ---------------------------------------------------------------- invariants
ALTER TABLE "user" ADD CONSTRAINT "user_email_lower_case" CHECK (email = lower(email));
ALTER TABLE "workspace" ADD CONSTRAINT "workspace_slug" CHECK (slug ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$');
ALTER TABLE "membership" ADD CONSTRAINT "membership_role" CHECK (role IN ('owner', 'admin', 'operator', 'viewer'));
ALTER TABLE "api_key"
  ADD CONSTRAINT "api_key_kind" CHECK (kind IN ('user', 'agent')),
  ADD CONSTRAINT "api_key_pool" CHECK ((kind = 'agent') = (pool_id IS NOT NULL)),
  ADD CONSTRAINT "api_key_hash" CHECK (octet_length(hash) = 32);
ALTER TABLE "work_pool" ADD CONSTRAINT "work_pool_type" CHECK (type IN ('process', 'docker', 'kubernetes'));
ALTER TABLE "queue" ADD CONSTRAINT "queue_priority" CHECK (priority >= 0);
ALTER TABLE "agent" ADD CONSTRAINT "agent_capacity" CHECK (capacity >= 0);
ALTER TABLE "deployment_version" ADD CONSTRAINT "deployment_version_number" CHECK (number >= 1);
ALTER TABLE "bundle"
  ADD CONSTRAINT "bundle_sha256" CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "bundle_size" CHECK (size_bytes = octet_length(content));

ALTER TABLE "run"
  ADD CONSTRAINT "run_state_type" CHECK (state_type IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')),
  ADD CONSTRAINT "run_ready" CHECK (NOT ready OR state_type = 'SCHEDULED'),
  -- A run that somebody may be executing has a lease, so that it cannot hang for ever; any other has none.
  ADD CONSTRAINT "run_lease" CHECK ((state_type IN ('PENDING', 'RUNNING', 'CANCELLING')) = (lease_expires_at IS NOT NULL)),
  ADD CONSTRAINT "run_lease_agent" CHECK ((agent_id IS NULL) = (lease_expires_at IS NULL)),
  ADD CONSTRAINT "run_attempt_of_lease" CHECK (lease_expires_at IS NULL OR attempt >= 1),
  ADD CONSTRAINT "run_ended" CHECK ((state_type IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')) = (ended_at IS NOT NULL)),
  ADD CONSTRAINT "run_cancelling" CHECK (state_type <> 'CANCELLING' OR cancel_requested_at IS NOT NULL),
  ADD CONSTRAINT "run_counts" CHECK (attempt >= 0 AND failures >= 0 AND crashes >= 0 AND event_seq >= 0),
  ADD CONSTRAINT "run_timeout" CHECK (timeout_seconds > 0);
ALTER TABLE "attempt"
  ADD CONSTRAINT "attempt_number" CHECK (number >= 1 AND item_seq >= 0),
  ADD CONSTRAINT "attempt_outcome" CHECK (outcome IN ('completed', 'failed', 'timed-out', 'crashed', 'cancelled', 'released', 'lease-expired', 'failed-to-launch')),
  ADD CONSTRAINT "attempt_ended" CHECK ((outcome IS NULL) = (ended_at IS NULL));
ALTER TABLE "task_run"
  ADD CONSTRAINT "task_run_state" CHECK (state IN ('PENDING', 'RUNNING', 'RETRYING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  ADD CONSTRAINT "task_run_numbers" CHECK (attempt >= 1 AND try >= 1);
ALTER TABLE "run_event"
  ADD CONSTRAINT "run_event_kind" CHECK (kind IN ('state', 'attempt', 'task', 'note')),
  ADD CONSTRAINT "run_event_numbers" CHECK (seq >= 1 AND attempt >= 0);
ALTER TABLE "log_line"
  ADD CONSTRAINT "log_line_stream" CHECK (stream IN ('stdout', 'stderr', 'log')),
  ADD CONSTRAINT "log_line_attempt" CHECK (attempt >= 1);

-- ---------------------------------------------------------------- indexes of the loops
-- Partial, so that each loop's cost follows the rows it may act on, and neither history nor other loops' rows.
-- The claim: of a queue the most urgent, then the longest due, then the oldest. Blocked, future and finished runs are not in it.
CREATE INDEX "run_ready" ON "run" (queue_id, priority DESC, due_at, id) WHERE ready;
-- Promotion of runs whose time has come.
CREATE INDEX "run_future" ON "run" (due_at) WHERE state_type = 'SCHEDULED' AND NOT ready;
-- Ready for too long, and not yet called Late.
CREATE INDEX "run_late" ON "run" (due_at) WHERE ready AND state_name = 'Scheduled';
-- Leases that ended; also all live runs (an agent's inventory), of which there are few.
CREATE INDEX "run_lease" ON "run" (lease_expires_at) WHERE lease_expires_at IS NOT NULL;
CREATE INDEX "run_of_agent" ON "run" (agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX "run_cancelling" ON "run" (cancel_requested_at) WHERE state_type = 'CANCELLING';
-- Most runs have no key: they cost nothing here.
CREATE UNIQUE INDEX "run_idempotency" ON "run" (workspace_id, deployment_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- Agents that some gateway holds: the sweep after a gateway's death.
CREATE INDEX "agent_connected" ON "agent" (last_seen_at) WHERE gateway_id IS NOT NULL;

-- ---------------------------------------------------------------- storage of the hot tables
-- A run's row changes about five times in its life. Vacuum comes after a fixed number of dead rows and not after a share of a table
-- that only grows, and without pauses: dead entries at the head of run_ready are what slows a claim down.
ALTER TABLE "run" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE "attempt" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE "task_run" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
-- Heartbeats rewrite the same few rows for ever.
ALTER TABLE "agent" SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
