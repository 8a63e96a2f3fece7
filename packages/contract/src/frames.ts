import { z } from 'zod'
import { ERROR_CODES, type ErrorCode } from './errors.ts'
import { idSchema } from './ids.ts'
import { infrastructureSchema, launchFailureSchema, poolTypeSchema, runSpecSchema } from './run-spec.ts'

/** The agent protocol. The prose is in AGENT_PROTOCOL.md; golden frames are in src/golden/. */
export const PROTOCOL_VERSION = 1
export const MAX_FRAME_BYTES = 1024 * 1024
export const AGENT_PATH = '/v1/agent'

/** An attempt as both sides name it: the number is the fence. */
export const attemptRefSchema = z.object({ runId: idSchema, attempt: z.int().positive() })
export type AttemptRef = z.infer<typeof attemptRefSchema>

/** Outcome of a process or container. `signal` is set when a signal ended it. */
export const exitSchema = z.object({
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  outOfMemory: z.boolean().default(false),
})
export type Exit = z.infer<typeof exitSchema>

export const runStatusSchema = z.discriminatedUnion('kind', [
  /** The launcher is at work (pulling an image, fetching the code). */
  z.object({ kind: z.literal('launching'), note: z.string().max(500).optional() }),
  z.object({ kind: z.literal('started'), infrastructure: infrastructureSchema }),
  /** It ran and ended by itself, or by our signal when `cause` says so. */
  z.object({
    kind: z.literal('exited'),
    exit: exitSchema,
    cause: z.enum(['self', 'cancel', 'timeout']),
    infrastructure: infrastructureSchema.optional(),
  }),
  z.object({ kind: z.literal('failed-to-launch'), failure: launchFailureSchema }),
  /** Never started and handed back (drain, or the agent has no room): the run returns to its queue at no cost. */
  z.object({ kind: z.literal('released'), note: z.string().max(500) }),
  /** The agent knew of it and it is gone without a trace (machine rebooted, container removed by hand). */
  z.object({ kind: z.literal('lost'), note: z.string().max(500) }),
])
export type RunStatus = z.infer<typeof runStatusSchema>

export const LOG_STREAMS = ['stdout', 'stderr', 'log'] as const
export const logStreamSchema = z.enum(LOG_STREAMS)
export type LogStream = z.infer<typeof logStreamSchema>
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export const logLevelSchema = z.enum(LOG_LEVELS)
export type LogLevel = z.infer<typeof logLevelSchema>

/** Longer lines are cut by whoever reads them first, with a note in the text. */
export const MAX_LOG_LINE_CHARS = 16_000

export const logLineSchema = z.object({
  /** Contiguous per run, attempt and stream, from 1. A repeat of a number is the same line and is stored once. */
  seq: z.int().positive(),
  /** When the line was written, by the clock of the machine that ran it. Milliseconds since 1970. */
  at: z.number(),
  text: z.string().max(MAX_LOG_LINE_CHARS),
  level: logLevelSchema.optional(),
  /** Key of the task run that wrote it (stream `log` only). */
  task: z.string().max(200).optional(),
})
export type LogLine = z.infer<typeof logLineSchema>

const frame = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) => z.object({ type: z.literal(type), ...shape })

export const agentFrameSchema = z.discriminatedUnion('type', [
  frame('agent.hello.v1', {
    protocol: z.int(),
    /** Kept by the agent on its disk across restarts; the first hello without one gets a new id in `ready`. */
    agentId: idSchema.optional(),
    name: z.string().min(1).max(120),
    version: z.string().max(60),
    host: z.object({ hostname: z.string(), os: z.string(), arch: z.string(), cpus: z.int(), memoryMb: z.int(), pid: z.int() }),
    /** The only type that this agent will launch; left out, it takes the type of its key's pool from `ready`. */
    poolType: poolTypeSchema.optional(),
    capacity: z.int().min(1).max(10_000),
    capabilities: z.array(z.string().max(60)).max(50),
    /** The agent's clock, ms since 1970: the gateway shows the skew. */
    clock: z.number(),
    /** Everything that still runs, or ended with a report that is not acknowledged yet. */
    inventory: z.array(attemptRefSchema.extend({ phase: z.enum(['assigned', 'launching', 'running', 'ended']) })),
  }),
  frame('run.pull.v1', {
    /** How many more runs the agent can take now; replaces the earlier number. */
    credits: z.int().min(0).max(10_000),
  }),
  frame('run.confirm.v1', { runs: z.array(attemptRefSchema).min(1) }),
  frame('run.status.v1', {
    /** Chosen by the agent, unique per attempt, kept in its spool: the same id is the same report. */
    reportId: z.string().min(1).max(100),
    runId: idSchema,
    attempt: z.int().positive(),
    /** The agent's clock, ms since 1970. */
    at: z.number(),
    status: runStatusSchema,
  }),
  frame('run.logs.v1', {
    runId: idSchema,
    attempt: z.int().positive(),
    stream: logStreamSchema,
    lines: z.array(logLineSchema).min(1).max(1000),
  }),
  frame('agent.heartbeat.v1', {
    /** Renews the leases of exactly these attempts. */
    runs: z.array(attemptRefSchema),
    load: z.object({ running: z.int(), cpu: z.number().optional(), memoryMb: z.number().optional() }),
    draining: z.boolean(),
    clock: z.number(),
  }),
])
export type AgentFrame = z.infer<typeof agentFrameSchema>

export const gatewayFrameSchema = z.discriminatedUnion('type', [
  frame('agent.ready.v1', {
    agentId: idSchema,
    agentName: z.string(),
    pool: z.object({ id: idSchema, name: z.string(), type: poolTypeSchema, paused: z.boolean() }),
    heartbeatSeconds: z.number().positive(),
    leaseSeconds: z.number().positive(),
    /** Base URL of the run API as the runs can reach it; the agent may be told another by its own flag. */
    runApiUrl: z.string(),
    clock: z.number(),
    /** Attempts of the inventory that are fenced or final: kill and forget them. */
    stale: z.array(attemptRefSchema),
    /** Attempts that the server holds for this agent and the inventory lacks are answered with a `lost` report by the agent. */
    expected: z.array(attemptRefSchema),
    /** Attempts whose cancel was asked for while the agent was away. */
    cancelling: z.array(attemptRefSchema.extend({ graceSeconds: z.number() })),
  }),
  frame('run.assigned.v1', {
    runs: z.array(z.object({ spec: runSpecSchema, token: z.string(), leaseSeconds: z.number().positive() })).min(1),
  }),
  /** Only an attempt listed in `ok` may be launched. */
  frame('run.confirmed.v1', { ok: z.array(attemptRefSchema), stale: z.array(attemptRefSchema) }),
  frame('run.status-ack.v1', { reportIds: z.array(z.string()) }),
  /** Every line of the stream up to `seq` is durable. */
  frame('run.logs-ack.v1', { runId: idSchema, attempt: z.int().positive(), stream: logStreamSchema, seq: z.int().nonnegative() }),
  frame('agent.heartbeat-ack.v1', {
    /** These are fenced: kill them, their reports are no longer taken. */
    stale: z.array(attemptRefSchema),
    clock: z.number(),
  }),
  frame('run.cancel.v1', { runId: idSchema, attempt: z.int().positive(), graceSeconds: z.number().min(0), reason: z.string() }),
  frame('pool.changed.v1', { pool: z.object({ id: idSchema, name: z.string(), type: poolTypeSchema, paused: z.boolean() }) }),
  frame('agent.drain.v1', { reason: z.string() }),
  /** Open a new connection, then close this one. */
  frame('agent.goaway.v1', { reason: z.string() }),
  frame('frame.error.v1', {
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    /** The type of the frame that was refused, where it could be read. */
    of: z.string().nullable(),
    /** True: the same frame may be sent again later. */
    retry: z.boolean(),
    /** For refused reports and logs: which one, so that the agent can drop or resend it. */
    reportId: z.string().optional(),
    /** For refused confirms, logs and reports: the attempts that were named. */
    runs: z.array(attemptRefSchema).optional(),
    stream: logStreamSchema.optional(),
  }),
])
export type GatewayFrame = z.infer<typeof gatewayFrameSchema>

export type FrameOf<F extends { type: string }, T extends F['type']> = Extract<F, { type: T }>
