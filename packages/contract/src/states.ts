import { z } from 'zod'

/**
 * The states of a run and of a task run. Rules look at the type only; names are what people read.
 * Source: the design's state table; Prefect's types with one name per situation.
 */
export const STATE_TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'PAUSED',
  'CANCELLING',
  'COMPLETED',
  'FAILED',
  'CRASHED',
  'CANCELLED',
] as const

export const stateTypeSchema = z.enum(STATE_TYPES)
export type StateType = z.infer<typeof stateTypeSchema>

/** Each name belongs to exactly one type. */
export const STATE_NAMES = {
  Scheduled: 'SCHEDULED',
  Late: 'SCHEDULED',
  AwaitingRetry: 'SCHEDULED',
  AwaitingSlot: 'SCHEDULED',
  Resuming: 'SCHEDULED',
  Claimed: 'PENDING',
  Launching: 'PENDING',
  Running: 'RUNNING',
  Retrying: 'RUNNING',
  Paused: 'PAUSED',
  Suspended: 'PAUSED',
  Cancelling: 'CANCELLING',
  Completed: 'COMPLETED',
  Cached: 'COMPLETED',
  Failed: 'FAILED',
  TimedOut: 'FAILED',
  Crashed: 'CRASHED',
  Cancelled: 'CANCELLED',
} as const satisfies Record<string, StateType>

export type StateName = keyof typeof STATE_NAMES
export const stateNameSchema = z.enum(Object.keys(STATE_NAMES) as [StateName, ...StateName[]])

export const FINAL_STATE_TYPES = ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] as const satisfies readonly StateType[]

export const isFinal = (type: StateType): boolean => (FINAL_STATE_TYPES as readonly StateType[]).includes(type)
export const typeOf = (name: StateName): StateType => STATE_NAMES[name]

export const stateSchema = z.object({
  name: stateNameSchema,
  type: stateTypeSchema,
  /** One sentence for people: why the run is in this state. */
  message: z.string().max(4000).nullable(),
  at: z.coerce.date(),
})
export type State = z.infer<typeof stateSchema>
