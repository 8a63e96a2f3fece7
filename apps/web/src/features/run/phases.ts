import { isFinal, STATE_NAMES } from '@towline/contract/states'
import type { AttemptView, RunEventView } from '@towline/contract/views'
import type { Tone } from '../../ui/state/state-look.ts'

export type Phase = { id: string; label: string; tone: Tone; startMs: number; endMs: number; live: boolean }

type Facts = { createdAt: Date; dueAt: Date; endedAt: Date | null; attempts: AttemptView[] }
type Step = Pick<RunEventView, 'state' | 'at'>

/** From an end to the retry that somebody asked for: nobody waited then, the run was over. */
export const restsOf = (events: Step[]): { fromMs: number; toMs: number }[] => {
  const rests: { fromMs: number; toMs: number }[] = []
  let endedMs: number | null = null
  for (const { state, at } of events) {
    if (state === null) continue
    if (isFinal(STATE_NAMES[state])) endedMs ??= at.getTime()
    else if (endedMs !== null) {
      rests.push({ fromMs: endedMs, toMs: at.getTime() })
      endedMs = null
    }
  }
  return rests
}

/** Where the time went: waiting for its moment, in the queue, launching, running, for every attempt. Rests between an end and a retry are left out. */
export const phasesOf = ({ createdAt, dueAt, endedAt, attempts }: Facts, now: number, events: Step[] = []): Phase[] => {
  const rests = restsOf(events)
  const phases: Phase[] = []
  const end = endedAt?.getTime() ?? now
  let at = createdAt.getTime()
  const add = (id: string, label: string, tone: Tone, until: number | null | undefined) => {
    const endMs = Math.min(until ?? end, end)
    // Clocks of an agent and of the control plane may differ by some milliseconds, so a rest ends a wait that began a bit before it, too.
    if (label.startsWith('Waiting')) at = rests.reduce((from, rest) => (rest.toMs > from && rest.toMs <= endMs ? rest.toMs : from), at)
    if (endMs > at)
      phases.push({ id, label, tone, startMs: at, endMs, live: until === null || until === undefined ? endedAt === null : false })
    at = Math.max(at, endMs)
  }
  // After a retry was planned, `dueAt` is the moment of the retry: then the first wait was no wait for a moment.
  const firstClaim = Math.min(...attempts.map((attempt) => attempt.claimedAt.getTime()))
  if (dueAt.getTime() > at && dueAt.getTime() <= firstClaim) add('due', 'Not due yet', 'grey', Math.min(dueAt.getTime(), end))
  for (const attempt of [...attempts].sort((a, b) => a.number - b.number)) {
    const suffix = attempts.length > 1 ? ` (attempt ${attempt.number})` : ''
    add(`queue-${attempt.number}`, `Waiting${suffix}`, 'grey', attempt.claimedAt.getTime())
    const started = attempt.startedAt?.getTime() ?? attempt.endedAt?.getTime()
    add(`launch-${attempt.number}`, `Launching${suffix}`, 'violet', started)
    if (attempt.startedAt) add(`run-${attempt.number}`, `Running${suffix}`, 'blue', attempt.endedAt?.getTime())
  }
  if (!endedAt && attempts.every((attempt) => attempt.endedAt)) add('queue-next', 'Waiting', 'grey', null)
  return phases
}
