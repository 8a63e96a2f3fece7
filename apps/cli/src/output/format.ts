import { glyphOf } from '@towline/contract/glyphs'
import type { StateName } from '@towline/contract/states'
import type { RunSummary } from '@towline/contract/views'
import type { Io } from './io.ts'

export const stateText = (io: Io, name: StateName): string => {
  const { glyph, sgr } = glyphOf(name)
  return `${io.paint(glyph, sgr)} ${name}`
}

export const durationText = (ms: number | null): string => {
  if (ms === null) return ''
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} m ${Math.floor(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`
}

const STEPS: [limitSeconds: number, divisor: number, unit: string][] = [
  [60, 1, 's'],
  [3600, 60, 'm'],
  [86_400, 3600, 'h'],
  [Number.POSITIVE_INFINITY, 86_400, 'd'],
]

/** `12 s ago`, `in 5 m`. */
export const relativeText = (at: Date | null, now = Date.now()): string => {
  if (!at) return 'never'
  const seconds = (now - at.getTime()) / 1000
  const size = Math.abs(seconds)
  if (size < 1) return 'now'
  const [, divisor, unit] = STEPS.find(([limit]) => size < limit) ?? [0, 86_400, 'd']
  const text = `${Math.round(size / divisor)} ${unit}`
  return seconds > 0 ? `${text} ago` : `in ${text}`
}

export const clockText = (at: Date): string => {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** The end of a UUIDv7 is its random part: enough to tell runs apart, and accepted wherever a run is asked for. */
export const shortId = (id: string): string => id.slice(-8)

/** Why a run is not running; what is only a matter of time says for how long, like every other moment here. */
export const waitingText = ({ waiting, state, attempt, dueAt }: Pick<RunSummary, 'waiting' | 'state' | 'attempt' | 'dueAt'>): string => {
  if (waiting?.gate !== 'not-due') return waiting?.text ?? ''
  return state.name === 'AwaitingRetry' ? `attempt ${attempt + 1} starts ${relativeText(dueAt)}` : `due ${relativeText(dueAt)}`
}
