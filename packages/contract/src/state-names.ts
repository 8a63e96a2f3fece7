// Without zod, so that a command that only prints states starts without it.

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

export type StateType = (typeof STATE_TYPES)[number]

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

export const FINAL_STATE_TYPES = ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] as const satisfies readonly StateType[]

export const isFinal = (type: StateType): boolean => (FINAL_STATE_TYPES as readonly StateType[]).includes(type)
export const typeOf = (name: StateName): StateType => STATE_NAMES[name]
