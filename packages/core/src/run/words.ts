import type { Exit } from '@towline/contract/frames'
import type { StateName } from '@towline/contract/states'

/** A state's message holds 4,000 characters; what is said after the cause must always fit. */
const MAX_CAUSE = 3500

/** With its full stop, and cut where it is too long. */
export const sentence = (text: string): string => {
  const cut = text.length > MAX_CAUSE ? `${text.slice(0, MAX_CAUSE)}…` : text.trimEnd()
  return /[.!?…]$/.test(cut) ? cut : `${cut}.`
}

/** One message of several sentences. What follows a text of many lines gets a line of its own. */
export const inSentences = (first: string, ...more: readonly (string | null)[]): string =>
  [sentence(first), ...more.filter((text) => text !== null).map(sentence)].join(first.includes('\n') ? '\n' : ' ')

/** `10 s`, `4 m 10 s`, `1 h`. */
export const waitText = (ms: number): string => {
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`
  const seconds = Math.round(ms / 1000)
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

export type Budget = 'failure' | 'crash'
const WORDS = {
  failure: { done: 'Retried', not: 'Not retried', one: 'retry', many: 'retries' },
  crash: { done: 'Restarted', not: 'Not restarted', one: 'restart', many: 'restarts' },
} as const

const plural = (budget: Budget, count: number): string => `${count} ${count === 1 ? WORDS[budget].one : WORDS[budget].many}`

/** `Retried as attempt 3 in 20 s (1 of 3 retries left).` */
export const againText = (budget: Budget, { attempt, ms, left, of }: { attempt: number; ms: number; left: number; of: number }): string =>
  `${WORDS[budget].done} ${ms === 0 ? `at once as attempt ${attempt}` : `as attempt ${attempt} in ${waitText(ms)}`} (${left} of ${plural(budget, of)} left).`

export const noMoreText = (budget: Budget, of: number): string =>
  `${WORDS[budget].not}: ${of === 0 ? `the deployment allows no ${WORDS[budget].many}` : `its ${plural(budget, of)} ${of === 1 ? 'is' : 'are'} used up`}.`

export const HOPELESS_TEXT = 'Not restarted: another attempt would end the same way.'

export const backInQueueText = (ms: number): string =>
  ms === 0 ? 'Back in its queue, at no cost.' : `Back in its queue in ${waitText(ms)}, at no cost.`

/** Where a cancel met a run that no agent held yet. */
export const whereCancelled = (state: StateName): string => {
  if (state === 'AwaitingSlot') return 'while it waited for a slot'
  if (state === 'AwaitingRetry') return 'while it waited for its next attempt'
  return state === 'Paused' || state === 'Suspended' ? 'while it was paused' : 'before it started'
}

/** How a process took the signals of its agent. */
export const howItStopped = ({ exitCode, signal }: Exit): string => {
  if (signal === 'SIGKILL') return 'It did not end within its grace time and was killed (SIGKILL)'
  if (signal === null && exitCode === null) return 'Nothing of it was running'
  return signal === null ? `It ended on SIGTERM, with exit code ${exitCode}` : `It ended on ${signal}`
}
