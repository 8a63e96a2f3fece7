import type { ProblemReason } from '@towline/contract/problems'
import type { RunDetail } from '@towline/contract/views'

export const PROBLEM_TITLES: Record<ProblemReason, string> = {
  failed: 'The code failed',
  'timed-out': 'It ran longer than its timeout',
  'out-of-memory': 'It ran out of memory',
  killed: 'It was killed from outside',
  vanished: 'Its process or container vanished',
  'agent-lost': 'Its agent was lost',
  'never-started': 'It was taken again and again, and never started',
  launch: 'It could not be launched',
  stopped: 'Its agent was stopped, and ended it',
  cancelled: 'It was cancelled',
  refused: 'It was refused',
}

/** How an attempt ended, in words. */
export const OUTCOME_WORDS: Record<string, string> = {
  completed: 'Completed',
  failed: 'Failed',
  'timed-out': 'Timed out',
  crashed: 'Crashed',
  cancelled: 'Cancelled',
  released: 'Handed back',
  'lease-expired': 'Lost with its agent',
  overdue: 'Ended for its agent',
  'failed-to-launch': 'Not launched',
}

/** Of a run that goes on the attempt is named, as it is not the run that has failed. */
export const problemTitle = (problem: NonNullable<RunDetail['problem']>, over: boolean): string => {
  const title = PROBLEM_TITLES[problem.reason]
  return over ? title : `Attempt ${problem.attempt}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`
}
