import { z } from 'zod'
import { logLevelSchema, logStreamSchema } from './frames.ts'
import { jsonObjectSchema } from './json.ts'
import { limitGateSchema } from './limit-views.ts'
import { manifestSchema } from './manifest.ts'
import { problemReasonSchema } from './problems.ts'
import { taskStateSchema } from './run-api.ts'
import { DEFAULT_GRACE_SECONDS, infrastructureSchema, jobVariablesSchema, launchFailureSchema, poolTypeSchema } from './run-spec.ts'
import { stateNameSchema, stateSchema } from './states.ts'

/** What the API answers with: read by the dashboard and printed by `towline -o json`. Dates travel as ISO 8601 text. */
const date = z.coerce.date()
const id = z.uuid()

export const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const
export const roleSchema = z.enum(ROLES)
export type Role = z.infer<typeof roleSchema>

export const workspaceViewSchema = z.object({ id, slug: z.string(), name: z.string(), role: roleSchema })
export type WorkspaceView = z.infer<typeof workspaceViewSchema>

export const whoamiViewSchema = z.object({
  user: z.object({ id, email: z.string(), name: z.string() }).nullable(),
  key: z.object({ id, name: z.string(), kind: z.enum(['user', 'agent']) }).nullable(),
  /** The workspace of this request; null for a session that has not chosen one. */
  workspace: workspaceViewSchema.nullable(),
  workspaces: z.array(workspaceViewSchema),
})
export type WhoamiView = z.infer<typeof whoamiViewSchema>

/** Queues of a pool are served in the order of their priority, 1 first: the next one only when nothing of those before it is ready. */
export const queuePrioritySchema = z.int().min(1).max(10_000)
export const queueViewSchema = z.object({
  id,
  name: z.string(),
  priority: z.int(),
  paused: z.boolean(),
  waiting: z.int(),
  deployments: z.int(),
})
export type QueueView = z.infer<typeof queueViewSchema>

export const poolSummarySchema = z.object({
  id,
  name: z.string(),
  type: poolTypeSchema,
  description: z.string(),
  paused: z.boolean(),
  agentsOnline: z.int(),
  agentsTotal: z.int(),
  /** Sum of the capacity of agents online. */
  capacity: z.int(),
  running: z.int(),
  waiting: z.int(),
  deployments: z.int(),
  createdAt: date,
})
export type PoolSummary = z.infer<typeof poolSummarySchema>
export const poolDetailSchema = poolSummarySchema.extend({ variables: jobVariablesSchema, queues: z.array(queueViewSchema) })
export type PoolDetail = z.infer<typeof poolDetailSchema>

export const agentViewSchema = z.object({
  id,
  poolId: id,
  poolName: z.string(),
  name: z.string(),
  version: z.string(),
  /** online: a gateway holds its socket and it was seen within one lease. */
  status: z.enum(['online', 'draining', 'offline']),
  host: z.object({ hostname: z.string(), os: z.string(), arch: z.string(), cpus: z.int(), memoryMb: z.int() }),
  capacity: z.int(),
  running: z.int(),
  skewMs: z.int(),
  connectedAt: date.nullable(),
  lastSeenAt: date,
  createdAt: date,
})
export type AgentView = z.infer<typeof agentViewSchema>

export const keyViewSchema = z.object({
  id,
  kind: z.enum(['user', 'agent']),
  name: z.string(),
  prefix: z.string(),
  poolName: z.string().nullable(),
  createdAt: date,
  expiresAt: date.nullable(),
  lastUsedAt: date.nullable(),
  revokedAt: date.nullable(),
})
export type KeyView = z.infer<typeof keyViewSchema>

/** The answer to creating a key: the only time that `secret` is seen. */
export const createdKeyViewSchema = keyViewSchema.extend({ secret: z.string() })
export type CreatedKeyView = z.infer<typeof createdKeyViewSchema>

/** One small bar of a run history: what a list or a header shows of recent runs. */
export const runBarSchema = z.object({ id, state: stateNameSchema, durationMs: z.number().nullable(), at: date })
export type RunBar = z.infer<typeof runBarSchema>

export const deploymentSummarySchema = z.object({
  id,
  name: z.string(),
  flow: z.string(),
  description: z.string(),
  poolName: z.string(),
  queueName: z.string(),
  tags: z.array(z.string()),
  codeKind: z.enum(['bundle', 'image', 'command']),
  paused: z.boolean(),
  version: z.int(),
  updatedAt: date,
  /** Newest last, at most 20. */
  recent: z.array(runBarSchema),
})
export type DeploymentSummary = z.infer<typeof deploymentSummarySchema>

export const versionViewSchema = z.object({ id, number: z.int(), manifestHash: z.string(), createdAt: date, createdBy: z.string() })
export type VersionView = z.infer<typeof versionViewSchema>
export const deploymentDetailSchema = deploymentSummarySchema.extend({
  manifest: manifestSchema,
  versions: z.array(versionViewSchema),
  createdAt: date,
})
export type DeploymentDetail = z.infer<typeof deploymentDetailSchema>

/** The first gate that keeps a run from running, in words, with what to do about it. */
export const GATES = [
  'launching',
  'not-due',
  'pool-paused',
  'queue-paused',
  'deployment-paused',
  'limit',
  'no-agent',
  'agents-full',
  'in-line',
] as const
export const waitingViewSchema = z.object({
  gate: z.enum(GATES),
  text: z.string(),
  remedy: z.string().nullable(),
  /** Of the gate `limit`: which, who holds its slots, the place in line. */
  limit: limitGateSchema.nullable().default(null),
})
export type WaitingView = z.infer<typeof waitingViewSchema>

/** One gate that a run passes on its way to an agent. The first that `holds` is the reason of its wait. */
export const gateViewSchema = waitingViewSchema.extend({
  /** unknown: it cannot be said before the gates in front of it are open. */
  state: z.enum(['ok', 'holds', 'unknown']),
  /** A command that opens it, to be copied; null when there is none. */
  command: z.string().nullable(),
})
export type GateView = z.infer<typeof gateViewSchema>

export const runSummarySchema = z.object({
  id,
  name: z.string(),
  state: stateSchema,
  deployment: z.object({ id, name: z.string() }),
  flow: z.string(),
  pool: z.object({ id, name: z.string() }),
  queueName: z.string(),
  tags: z.array(z.string()),
  attempt: z.int(),
  dueAt: date,
  createdAt: date,
  startedAt: date.nullable(),
  endedAt: date.nullable(),
  /** Run time so far or in total; null before the start. */
  durationMs: z.number().nullable(),
  waiting: waitingViewSchema.nullable(),
})
export type RunSummary = z.infer<typeof runSummarySchema>

export const attemptViewSchema = z.object({
  number: z.int(),
  agent: z.object({ id, name: z.string() }),
  claimedAt: date,
  confirmedAt: date.nullable(),
  startedAt: date.nullable(),
  endedAt: date.nullable(),
  outcome: z.string().nullable(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  infrastructure: infrastructureSchema,
  failure: launchFailureSchema.nullable(),
})
export type AttemptView = z.infer<typeof attemptViewSchema>

/** Why a run has not ended well, or is tried again: the last bad end of one of its attempts. */
export const problemViewSchema = z.object({
  reason: problemReasonSchema,
  /** 0: it ended before its first attempt. */
  attempt: z.int(),
  at: date,
  /** What happened, what was done about it, what the reader can do. */
  what: z.string(),
  done: z.string().nullable(),
  remedy: z.string().nullable(),
})
export type ProblemView = z.infer<typeof problemViewSchema>

export const RETRY_MODES = ['all', 'from-failed'] as const
export const retryModeSchema = z.enum(RETRY_MODES)
export type RetryMode = z.infer<typeof retryModeSchema>

/** Finished task runs of a run, and which of them a retry from failed need not execute again. */
export const reusableViewSchema = z.object({
  tasks: z.int(),
  /** The others, by the reason why not; the most frequent first. */
  others: z.array(z.object({ reason: z.string(), tasks: z.int() })),
})
export type ReusableView = z.infer<typeof reusableViewSchema>

/** The answer to a retry: `reusable` of a retry from failed. */
export const retriedViewSchema = runSummarySchema.extend({ reusable: reusableViewSchema.nullable() })
export type RetriedView = z.infer<typeof retriedViewSchema>

export const runDetailSchema = runSummarySchema.extend({
  parameters: jsonObjectSchema,
  variables: jobVariablesSchema,
  versionNumber: z.int(),
  createdBy: z.string(),
  retriedFromId: id.nullable(),
  retriesLeft: z.object({ failures: z.int(), crashes: z.int() }),
  timeoutSeconds: z.number().nullable(),
  /** Between SIGTERM and SIGKILL, as the run, its deployment or its pool says. */
  graceSeconds: z.number().default(DEFAULT_GRACE_SECONDS),
  cancelRequestedAt: date.nullable(),
  result: z.json().nullable(),
  attempts: z.array(attemptViewSchema),
  eventSeq: z.int(),
  /** Its attempts since the last retry by hand take over results of earlier ones. */
  reuses: z.boolean(),
  /** Of a run that ended without completing and has finished tasks: what a retry from failed would reuse. */
  reusable: reusableViewSchema.nullable(),
  /** Of a run that waits: every gate, in the order in which it passes them. Empty otherwise. */
  gates: z.array(gateViewSchema),
  problem: problemViewSchema.nullable().default(null),
})
export type RunDetail = z.infer<typeof runDetailSchema>

export const runEventViewSchema = z.object({
  seq: z.int(),
  at: date,
  kind: z.enum(['state', 'attempt', 'task', 'note']),
  attempt: z.int(),
  state: stateNameSchema.nullable(),
  message: z.string().nullable(),
  detail: jsonObjectSchema.nullable(),
})
export type RunEventView = z.infer<typeof runEventViewSchema>

export const taskRunViewSchema = z.object({
  key: z.string(),
  name: z.string(),
  attempt: z.int(),
  state: taskStateSchema,
  message: z.string().nullable(),
  try: z.int(),
  tags: z.array(z.string()),
  dependsOn: z.array(z.string()),
  /** The attempt whose result it took over instead of running. */
  reusedFrom: z.int().nullable(),
  /** COMPLETED: why a later attempt cannot take its result. */
  notReusable: z.string().nullable(),
  createdAt: date,
  startedAt: date.nullable(),
  endedAt: date.nullable(),
  /** In line for the slots of its tags. */
  waiting: waitingViewSchema.nullable(),
})
export type TaskRunView = z.infer<typeof taskRunViewSchema>

export const logLineViewSchema = z.object({
  attempt: z.int(),
  stream: logStreamSchema,
  seq: z.int(),
  at: date,
  level: logLevelSchema.nullable(),
  task: z.string().nullable(),
  text: z.string(),
})
export type LogLineView = z.infer<typeof logLineViewSchema>

/** Where a reader of logs stands: `"<attempt>/<stream>" -> last sequence it has`. Streams have one writer each, so nothing is missed. */
export const logCursorSchema = z.record(z.string().regex(/^\d+\/(stdout|stderr|log)$/), z.int().nonnegative())
export type LogCursor = z.infer<typeof logCursorSchema>

export const runFilterSchema = z.object({
  states: z.array(z.union([stateNameSchema, z.enum(['active', 'waiting', 'finished', 'problem'])])).optional(),
  deployment: z.string().optional(),
  pool: z.string().optional(),
  tag: z.string().optional(),
  search: z.string().max(200).optional(),
})
export type RunFilter = z.infer<typeof runFilterSchema>

/** Keyset page: pass `next` back as `cursor` for the following page. */
export const pageSchema = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })
export type Page<T> = { items: T[]; next: string | null }

export const guideViewSchema = z.object({
  dismissed: z.boolean(),
  steps: z.object({ pool: z.boolean(), agent: z.boolean(), deployment: z.boolean(), run: z.boolean() }),
  pool: z.object({ id, name: z.string(), type: poolTypeSchema }).nullable(),
  deploymentName: z.string().nullable(),
  runId: id.nullable(),
})
export type GuideView = z.infer<typeof guideViewSchema>

export const overviewViewSchema = z.object({
  counts: z.object({ running: z.int(), waiting: z.int(), late: z.int(), failed24h: z.int(), completed24h: z.int() }),
  problems: z.array(runSummarySchema),
  running: z.array(runSummarySchema),
  poolsWithoutAgents: z.array(poolSummarySchema),
  upcoming: z.array(runSummarySchema),
})
export type OverviewView = z.infer<typeof overviewViewSchema>

/** One step of `runs.watch`: what happened since the step before. Lists may be empty; `run` is there when it changed. */
export const runChangeSchema = z.object({
  kind: z.literal('change'),
  run: runDetailSchema.optional(),
  /** All but those of kind `task`: what they say is in `tasks`. */
  events: z.array(runEventViewSchema),
  /** Task runs that are new or changed. */
  tasks: z.array(taskRunViewSchema),
  logs: z.array(logLineViewSchema),
  /** Where the reader of logs stands after this step. */
  logCursor: logCursorSchema,
})
export type RunChange = z.infer<typeof runChangeSchema>

export const LIVE_TOPICS = ['runs', 'pools', 'agents', 'deployments', 'guide', 'limits'] as const
export const liveChangeSchema = z.object({ topics: z.array(z.enum(LIVE_TOPICS)), runIds: z.array(id).optional() })
export type LiveTopic = (typeof LIVE_TOPICS)[number]
export type LiveChange = z.infer<typeof liveChangeSchema>
