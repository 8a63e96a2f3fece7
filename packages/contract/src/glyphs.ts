import type { TaskState } from './run-api.ts'
import type { StateName } from './states.ts'

/** How a state looks in a terminal: the same shape and colour as in the dashboard, and always beside its word. */
export interface Glyph {
  glyph: string
  /** Parameters of the SGR escape sequence. */
  sgr: string
}

const GREY = '90'
const AMBER = '33'
const VIOLET = '35'
const BLUE = '34'
const YELLOW = '33'
const GREEN = '32'
const RED = '31'
const ORANGE = '38;5;208'

export const STATE_GLYPHS: Record<StateName, Glyph> = {
  Scheduled: { glyph: '◷', sgr: GREY },
  Late: { glyph: '◷', sgr: AMBER },
  AwaitingRetry: { glyph: '↻', sgr: AMBER },
  AwaitingSlot: { glyph: '≡', sgr: VIOLET },
  Resuming: { glyph: '◷', sgr: GREY },
  Claimed: { glyph: '◌', sgr: VIOLET },
  Launching: { glyph: '◌', sgr: VIOLET },
  Running: { glyph: '●', sgr: BLUE },
  Retrying: { glyph: '↻', sgr: AMBER },
  Paused: { glyph: '‖', sgr: YELLOW },
  Suspended: { glyph: '‖', sgr: YELLOW },
  Cancelling: { glyph: '⊘', sgr: GREY },
  Completed: { glyph: '✓', sgr: GREEN },
  Cached: { glyph: '↯', sgr: GREEN },
  Failed: { glyph: '✗', sgr: RED },
  TimedOut: { glyph: '⧖', sgr: RED },
  Crashed: { glyph: '◍', sgr: ORANGE },
  Cancelled: { glyph: '⊘', sgr: GREY },
}

/** A task run's states are fewer; each has a name of the table above. */
export const TASK_STATE_NAMES: Record<TaskState, StateName | 'Pending'> = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  RETRYING: 'Retrying',
  COMPLETED: 'Completed',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
}

/** A task run that took over the result of an earlier attempt looks like a cached one. */
export const taskStateName = (task: { state: TaskState; reusedFrom?: number | null | undefined }): StateName | 'Pending' =>
  task.state === 'COMPLETED' && task.reusedFrom ? 'Cached' : TASK_STATE_NAMES[task.state]

export const glyphOf = (name: StateName | 'Pending'): Glyph => (name === 'Pending' ? STATE_GLYPHS.Claimed : STATE_GLYPHS[name])

/** Colour is a courtesy: NO_COLOR and pipes get plain text, FORCE_COLOR gets its way. */
export const wantsColor = (env: Record<string, string | undefined>, isTty: boolean): boolean => {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0'
  return isTty && env.TERM !== 'dumb'
}

export const paint = (text: string, sgr: string, color: boolean): string => (color ? `\u001b[${sgr}m${text}\u001b[0m` : text)
