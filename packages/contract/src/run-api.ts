import { z } from 'zod'
import { logLineSchema } from './frames.ts'
import { slotWeightsSchema, tagsSchema } from './ids.ts'
import { jsonObjectSchema } from './json.ts'
import { holdSchema, limitKindSchema } from './limit-views.ts'

/** The run API: `Authorization: Bearer <run token>`. One token per attempt; it dies with the attempt. */
export const RUN_API = { report: '/v1/run/report', bundle: '/v1/run/bundle', slots: '/v1/run/slots', results: '/v1/run/results' } as const
export const MAX_REPORT_BYTES = 1024 * 1024

/** A key names a task run inside its attempt: `fetch-page`, `fetch-page-2`, … */
export const taskKeySchema = z.string().min(1).max(200)

export const taskStateSchema = z.enum(['PENDING', 'RUNNING', 'RETRYING', 'COMPLETED', 'FAILED', 'CANCELLED'])
export type TaskState = z.infer<typeof taskStateSchema>

/** Lower-case hex SHA-256 of what a task is called with: for the control plane a mark that is the same or not. */
export const inputHashSchema = z.string().regex(/^[0-9a-f]{64}$/)

const timed = { seq: z.int().positive(), at: z.number() }

/** One thing that happened. `seq` is contiguous per attempt from 1: a repeat of a number is the same item and is stored once. */
export const reportItemSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run.running'), ...timed }),
  z.object({
    kind: z.literal('run.completed'),
    ...timed,
    result: jsonObjectSchema.or(z.json()).optional(),
    message: z.string().max(2000).optional(),
  }),
  z.object({
    kind: z.literal('run.failed'),
    ...timed,
    message: z.string().max(4000),
    error: z.string().max(16_000).optional(),
    timedOut: z.boolean().default(false),
  }),
  z.object({
    kind: z.literal('task'),
    ...timed,
    key: taskKeySchema,
    name: z.string().max(200),
    state: taskStateSchema,
    message: z.string().max(4000).optional(),
    /** Which try of the task, from 1. */
    try: z.int().positive(),
    tags: tagsSchema.optional(),
    /** Keys of the task runs whose results this one takes. */
    dependsOn: z.array(taskKeySchema).max(1000).optional(),
    inputHash: inputHashSchema.optional(),
    /**
     * COMPLETED: what it returned, as JSON text (at most `MAX_VALUE_BYTES`), so that it comes back to the byte in any language. None beside an
     * `inputHash` and no `notReusable`: it returned nothing.
     */
    result: z.string().optional(),
    /** COMPLETED: why another attempt cannot take its result, in a few words ("its result contains a Date"). */
    notReusable: z.string().max(200).optional(),
    /** COMPLETED without having run: the attempt whose result it took over. */
    reusedFrom: z.int().positive().optional(),
  }),
])
export type ReportItem = z.infer<typeof reportItemSchema>

export const reportRequestSchema = z.object({
  items: z.array(reportItemSchema).max(1000).default([]),
  /** Lines of the stream `log`. */
  logs: z.array(logLineSchema).max(1000).default([]),
})
export type ReportRequest = z.infer<typeof reportRequestSchema>

export const reportResponseSchema = z.object({
  /** Highest item and log sequence that is durable. */
  itemSeq: z.int().nonnegative(),
  logSeq: z.int().nonnegative(),
  /** Not null: the run must stop, and why. */
  stop: z.object({ reason: z.enum(['cancelled', 'stale', 'timed-out']), message: z.string() }).nullable(),
})
export type ReportResponse = z.infer<typeof reportResponseSchema>

/** A call of `POST /v1/run/slots` is held open this long at most; the place in line stays for `SLOT_WAITER_SECONDS` after it. */
export const SLOT_HOLD_SECONDS = 25
export const SLOT_WAITER_SECONDS = 60

/** A task run so deep inside others names the innermost of them only. */
const MAX_NESTING = 20

/** A task run asks for the slots of its tags before it starts, all of them or none. Asking again for the same key is the same wait. */
export const slotsRequestSchema = z.object({
  key: taskKeySchema,
  /** Tag -> slots. */
  slots: slotWeightsSchema,
  /** Keys of the task runs inside which it runs, from the outside in. They, and the run, lend it the slots that they hold. */
  within: z.array(taskKeySchema).max(MAX_NESTING).default([]),
  /** Larger goes first; a minute of waiting is worth one. */
  priority: z.int().min(-1000).max(1000).default(0),
  /** Seconds that the call may be held open; 0 answers at once. */
  waitSeconds: z.number().min(0).max(SLOT_HOLD_SECONDS).default(SLOT_HOLD_SECONDS),
})
export type SlotsRequest = z.infer<typeof slotsRequestSchema>

export const slotsResponseSchema = z.discriminatedUnion('granted', [
  z.object({
    granted: z.literal(true),
    /** The tags among those asked for that have a limit. None: nothing is held, and for `recheckSeconds` there is no need to ask for them again. */
    limited: z.array(z.string()),
    recheckSeconds: z.number(),
  }),
  z.object({
    granted: z.literal(false),
    limit: z.object({ kind: limitKindSchema, name: z.string() }),
    hold: holdSchema,
    /** Place in line, from 1. */
    place: z.int(),
    /** Not null: the run must stop instead. */
    stop: reportResponseSchema.shape.stop,
  }),
])
export type SlotsResponse = z.infer<typeof slotsResponseSchema>

/** `DELETE /v1/run/slots`: the task run is over, or waits no longer. The end of the task run or of the attempt does the same. */
export const slotsReleaseSchema = z.object({ key: taskKeySchema })

/**
 * `GET /v1/run/results?cursor=…`: what task runs of earlier attempts returned, for an attempt that was told to reuse them
 * (`TOWLINE_REUSE=1`). A page holds about 1 MiB; `next` is the cursor of the following one.
 */
export const pastResultSchema = z.object({
  key: taskKeySchema,
  name: z.string(),
  inputHash: inputHashSchema,
  /** The attempt that executed it. */
  attempt: z.int().positive(),
  /** JSON text; null: it returned nothing. */
  result: z.string().nullable(),
  /**
   * No attempt called tasks of this name twice with these inputs: a call with the same inputs is this one, also under another key
   * (the keys of calls that race each other change places).
   */
  alone: z.boolean(),
})
export type PastResult = z.infer<typeof pastResultSchema>
export const pastResultsSchema = z.object({ results: z.array(pastResultSchema), next: z.string().nullable() })
export type PastResults = z.infer<typeof pastResultsSchema>

/** Body of every error of the HTTP doors. */
export const httpErrorSchema = z.object({ error: z.object({ code: z.string(), message: z.string(), id: z.string().optional() }) })
