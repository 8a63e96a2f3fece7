import type { TaskState } from '@towline/contract/run-api'
import type { StateName } from '@towline/contract/states'
import type { GlyphName } from './glyphs.ts'

export const TONES = ['grey', 'amber', 'violet', 'blue', 'yellow', 'green', 'red', 'orange'] as const
export type Tone = (typeof TONES)[number]

export type StateLook = { word: string; tone: Tone; glyph: GlyphName }

/** The one table from a state to its word, colour and shape: lists, timeline, graph and favicon read it. */
export const STATE_LOOK: Record<StateName, StateLook> = {
  Scheduled: { word: 'Scheduled', tone: 'grey', glyph: 'clock' },
  Late: { word: 'Late', tone: 'amber', glyph: 'clock' },
  AwaitingRetry: { word: 'Awaiting retry', tone: 'amber', glyph: 'again' },
  AwaitingSlot: { word: 'Waiting for a slot', tone: 'violet', glyph: 'stack' },
  Resuming: { word: 'Resuming', tone: 'grey', glyph: 'play' },
  Claimed: { word: 'Claimed', tone: 'violet', glyph: 'dashed' },
  Launching: { word: 'Launching', tone: 'violet', glyph: 'dashed' },
  Running: { word: 'Running', tone: 'blue', glyph: 'ring' },
  Retrying: { word: 'Retrying', tone: 'blue', glyph: 'ring' },
  Paused: { word: 'Paused', tone: 'yellow', glyph: 'bars' },
  Suspended: { word: 'Suspended', tone: 'yellow', glyph: 'bars' },
  Cancelling: { word: 'Cancelling', tone: 'grey', glyph: 'slash' },
  Completed: { word: 'Completed', tone: 'green', glyph: 'check' },
  Cached: { word: 'Cached', tone: 'green', glyph: 'bolt' },
  Failed: { word: 'Failed', tone: 'red', glyph: 'cross' },
  TimedOut: { word: 'Timed out', tone: 'red', glyph: 'clock-cross' },
  Crashed: { word: 'Crashed', tone: 'orange', glyph: 'broken' },
  Cancelled: { word: 'Cancelled', tone: 'grey', glyph: 'slash' },
}

export const TASK_LOOK: Record<TaskState, StateLook> = {
  PENDING: { word: 'Pending', tone: 'violet', glyph: 'dashed' },
  RUNNING: STATE_LOOK.Running,
  RETRYING: STATE_LOOK.Retrying,
  COMPLETED: STATE_LOOK.Completed,
  FAILED: STATE_LOOK.Failed,
  CANCELLED: STATE_LOOK.Cancelled,
}

/** A task run as it stands: in line for a slot, taken over from an earlier attempt, or what its state says. */
export type TaskKind = TaskState | 'WAITING' | 'REUSED'

export const KIND_LOOK: Record<TaskKind, StateLook> = { ...TASK_LOOK, WAITING: STATE_LOOK.AwaitingSlot, REUSED: STATE_LOOK.Cached }

type TaskFacts = { state: TaskState; reusedFrom: number | null; waiting: object | null }

export const taskKind = ({ state, reusedFrom, waiting }: TaskFacts): TaskKind =>
  waiting ? 'WAITING' : state === 'COMPLETED' && reusedFrom !== null ? 'REUSED' : state

export const taskLook = (task: TaskFacts): StateLook => KIND_LOOK[taskKind(task)]

/** Tailwind needs whole class names in the source. */
export const TONE_TEXT: Record<Tone, string> = {
  grey: 'text-grey',
  amber: 'text-amber',
  violet: 'text-violet',
  blue: 'text-blue',
  yellow: 'text-yellow',
  green: 'text-green',
  red: 'text-red',
  orange: 'text-orange',
}

export const TONE_FILL: Record<Tone, string> = {
  grey: 'bg-grey',
  amber: 'bg-amber',
  violet: 'bg-violet',
  blue: 'bg-blue',
  yellow: 'bg-yellow',
  green: 'bg-green',
  red: 'bg-red',
  orange: 'bg-orange',
}

export const TONE_TINT: Record<Tone, string> = {
  grey: 'bg-grey/8 border-grey/25',
  amber: 'bg-amber/8 border-amber/25',
  violet: 'bg-violet/8 border-violet/25',
  blue: 'bg-blue/8 border-blue/25',
  yellow: 'bg-yellow/8 border-yellow/25',
  green: 'bg-green/8 border-green/25',
  red: 'bg-red/8 border-red/25',
  orange: 'bg-orange/8 border-orange/25',
}
