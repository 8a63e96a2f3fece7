import { z } from 'zod'
import { nameSchema, tagSchema } from './ids.ts'
import { stateNameSchema } from './states.ts'

/**
 * Limits, as the API shows and takes them. Procedures of the router `limits` (role in brackets: the least that may call it):
 *
 *   limits.list({kind?})                       -> LimitView[]          [viewer]  pool, queue, deployment, then tags by name
 *   limits.get({limit: LimitRef})              -> LimitDetail          [viewer]  holders (oldest first) and waiters (in line)
 *   limits.set(LimitInput)                     -> LimitView            [operator] creates or changes; what is left out stays as it is
 *   limits.delete({limit: LimitRef})           -> {}                   [operator] holders go on, waiters are let in
 *   limits.release({limit, slotId, reason})    -> {runId, runName}     [operator] frees the slot by stopping its holder
 *   limits.history({limit, hours?: 1..24})     -> LimitHistory         [viewer]
 *   limits.rehearse({limit: LimitRef, slots, rate}) -> RehearsalView   [viewer]  changes nothing; the limit need not exist yet
 *   limits.suggestions()                       -> TagSuggestion[]      [viewer]  tags without a limit that recent runs and tasks carried
 *   limits.ledger()                            -> LedgerView           [viewer]  what `towline doctor --limits` prints
 *   limits.changes({limit, cursor?, count?})    -> Page<AuditEntry>     [viewer]  who changed it, newest first
 *   deployments.register({manifest, limit?})   sets the limit of the deployment with it, where it says one
 *   runs.get({id}).gates                       -> GateView[]           every gate of a run in order; the first that `holds` is why it waits
 *   runs.tasks({id})[n].waiting                -> WaitingView | null   a task run that waits for slots
 *   live.changes() has the topic `limits`: a limit, its holders or its line changed.
 */
const date = z.coerce.date()
const id = z.uuid()

export const LIMIT_KINDS = ['pool', 'queue', 'deployment', 'tag'] as const
export const limitKindSchema = z.enum(LIMIT_KINDS)
export type LimitKind = z.infer<typeof limitKindSchema>

/** What becomes of a new run of a deployment whose limit is full. One that comes back (a retry, or handed back) waits in any case. */
export const COLLISIONS = ['enqueue', 'cancel-new', 'replace-oldest'] as const
export const collisionSchema = z.enum(COLLISIONS)
export type Collision = z.infer<typeof collisionSchema>

/** Which limit: by its id, or by what it bounds. A queue is named with its pool. */
export const limitRefSchema = z.union([
  z.object({ id }),
  z.object({ kind: z.literal('pool'), pool: nameSchema }),
  z.object({ kind: z.literal('queue'), pool: nameSchema, queue: nameSchema }),
  z.object({ kind: z.literal('deployment'), deployment: nameSchema }),
  z.object({ kind: z.literal('tag'), tag: tagSchema }),
])
export type LimitRef = z.infer<typeof limitRefSchema>

export const MAX_SLOTS = 1_000_000
/** Starts are remembered for a day. */
export const MAX_RATE_WINDOW_SECONDS = 86_400

/** null: no bound on slots. 0 pauses: nothing new is let in. */
export const limitSlotsSchema = z.int().min(0).max(MAX_SLOTS).nullable()
/** At most `count` starts within any `windowSeconds`. */
export const limitRateSchema = z.object({
  count: z.int().min(0).max(MAX_SLOTS),
  windowSeconds: z.int().min(1).max(MAX_RATE_WINDOW_SECONDS),
})
export type LimitRate = z.infer<typeof limitRateSchema>

export const limitInputSchema = z.object({
  limit: limitRefSchema,
  /** A new limit needs slots or a rate. */
  slots: limitSlotsSchema.optional(),
  rate: limitRateSchema.nullable().optional(),
  /** Limits of deployments only. */
  collision: collisionSchema.optional(),
  description: z.string().max(2000).optional(),
})
export type LimitInput = z.infer<typeof limitInputSchema>

/** What a registration may say of the limit of its deployment. It is a setting, not part of the version; what is left out stays as it is. */
export const deploymentLimitSchema = z
  .strictObject({ slots: limitSlotsSchema.unwrap().optional(), rate: limitRateSchema.optional(), collision: collisionSchema.optional() })
  .refine((limit) => Object.keys(limit).length > 0, 'says nothing')
export type DeploymentLimit = z.infer<typeof deploymentLimitSchema>

export type LimitBounds = { slots: number | null; rate: LimitRate | null; collision: Collision }
/** `before` null: the deployment has no limit yet. */
export type LimitPlan = { before: LimitBounds | null; after: LimitBounds; changed: boolean }

export const limitViewSchema = z.object({
  id,
  kind: limitKindSchema,
  /** The tag, or the name of the pool or deployment; of a queue `pool/queue`. */
  name: z.string(),
  /** The pool, queue or deployment; null for tags. */
  subjectId: id.nullable(),
  slots: z.int().nullable(),
  rate: limitRateSchema.nullable(),
  collision: collisionSchema,
  description: z.string(),
  /** Slots in use now (weights summed); more than `slots` after the limit was lowered. */
  used: z.int(),
  /** Holders and waiters, counted. */
  holding: z.int(),
  waiting: z.int(),
  createdAt: date,
  updatedAt: date,
  createdBy: z.string(),
})
export type LimitView = z.infer<typeof limitViewSchema>

const runRefSchema = z.object({ id, name: z.string(), state: stateNameSchema, deploymentName: z.string() })

export const limitHolderSchema = z.object({
  slotId: id,
  run: runRefSchema,
  attempt: z.int(),
  /** null: the run itself holds it. */
  taskKey: z.string().nullable(),
  weight: z.int(),
  /** What a task run uses besides of the slots that its run, or the task run around it, holds. */
  lent: z.int(),
  since: date,
})
export type LimitHolder = z.infer<typeof limitHolderSchema>

/** Why the first limit in its way does not let a waiter in. */
export const HOLDS = ['paused', 'too-heavy', 'full', 'rate', 'in-line'] as const
export const holdSchema = z.enum(HOLDS)

export const limitWaiterSchema = z.object({
  run: runRefSchema,
  taskKey: z.string().nullable(),
  weight: z.int(),
  priority: z.int(),
  /** From 1. */
  place: z.int(),
  since: date,
  hold: holdSchema,
  /** When time alone opens the limit (rates); null otherwise. */
  until: date.nullable(),
  /** A slot was offered to it and it is being claimed. */
  called: z.boolean(),
})
export type LimitWaiter = z.infer<typeof limitWaiterSchema>

/** At most 200 of each; `holding` and `waiting` are the whole numbers. */
export const limitDetailSchema = limitViewSchema.extend({ holders: z.array(limitHolderSchema), waiters: z.array(limitWaiterSchema) })
export type LimitDetail = z.infer<typeof limitDetailSchema>

export const limitHistorySchema = z.object({
  from: date,
  to: date,
  bucketSeconds: z.int(),
  /** The bound as it is now, for the line in the picture. */
  slots: z.int().nullable(),
  /** Oldest first, without gaps. */
  points: z.array(
    z.object({
      at: date,
      /** Most slots in use at any moment of the bucket; most waiters in line. */
      maxUsed: z.int(),
      maxWaiting: z.int(),
      /** Holders let in during the bucket, and how long they had waited. */
      granted: z.int(),
      waitMeanMs: z.number(),
      waitMaxMs: z.number(),
    }),
  ),
})
export type LimitHistory = z.infer<typeof limitHistorySchema>

export const waitSummarySchema = z.object({
  p50: z.number(),
  p95: z.number(),
  max: z.number(),
  /** Longest line and most slots in use at any moment. */
  peakLine: z.int(),
  peakUse: z.int(),
  /** Holders that would never have been let in. */
  never: z.int(),
  endedAt: date.nullable(),
})

/** What a change would have done to the arrivals of the last 24 hours. Waits are in milliseconds. */
export const rehearsalSchema = z.object({
  from: date,
  to: date,
  /** Arrivals that were replayed. 0: nothing of the kind ran in the last 24 hours, so there is nothing to say. */
  holders: z.int(),
  /** More came than are replayed (the newest 50,000 are). */
  truncated: z.boolean(),
  before: waitSummarySchema,
  after: waitSummarySchema,
  /** By deployment, the largest change first. */
  groups: z.array(
    z.object({ group: z.string(), holders: z.int(), meanWaitBefore: z.number(), meanWaitAfter: z.number(), neverAfter: z.int() }),
  ),
})
export type RehearsalView = z.infer<typeof rehearsalSchema>

export const tagSuggestionSchema = z.object({ tag: z.string(), runs: z.int(), tasks: z.int(), lastSeenAt: date })
export type TagSuggestion = z.infer<typeof tagSuggestionSchema>

/** over: more in use than the limit ever allowed. leaked: a slot without a live holder. unheld: a live run without its slot.
 * idle: somebody waits although the limit has room. lost: a waiter without a waiting run, or a waiting run without a place. */
export const LEDGER_PROBLEMS = ['over', 'leaked', 'unheld', 'idle', 'lost'] as const
export const ledgerSchema = z.object({
  at: date,
  ok: z.boolean(),
  limits: z.int(),
  slots: z.int(),
  waiters: z.int(),
  problems: z.array(
    z.object({
      kind: z.enum(LEDGER_PROBLEMS),
      limit: z.object({ id, kind: limitKindSchema, name: z.string() }).nullable(),
      runId: id.nullable(),
      text: z.string(),
    }),
  ),
})
export type LedgerView = z.infer<typeof ledgerSchema>

/** The part of a gate that only limits have. */
export const limitGateSchema = z.object({
  limit: z.object({ id, kind: limitKindSchema, name: z.string(), slots: z.int().nullable(), used: z.int() }),
  hold: holdSchema,
  /** At most 5, oldest first. */
  holders: z.array(z.object({ runId: id, runName: z.string(), taskKey: z.string().nullable(), since: date })),
  holding: z.int(),
  place: z.int(),
  since: date,
  until: date.nullable(),
  /** From how long recent holders kept their slots; null when there were none, or who holds the slot has it for longer than all of them. */
  estimateMs: z.number().nullable(),
})
export type LimitGate = z.infer<typeof limitGateSchema>
