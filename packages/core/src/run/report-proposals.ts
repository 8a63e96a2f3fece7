import type { Exit, RunStatus } from '@towline/contract/frames'
import type { ReportItem } from '@towline/contract/run-api'
import type { LaunchFailureReason } from '@towline/contract/run-spec'
import type { Cause } from './facts.ts'
import { howItStopped } from './words.ts'

/** Launch failures that another attempt would meet again. */
const HOPELESS: readonly LaunchFailureReason[] = ['ConfigInvalid', 'CommandNotFound']

/** An end by itself: exit code 0 is success, another code is the user's failure, a signal or the memory's end is the infrastructure's. */
const causeOfExit = ({ exitCode, signal, outOfMemory }: Exit): Cause => {
  const crashed = (reason: 'out-of-memory' | 'killed' | 'vanished', message: string): Cause => ({
    kind: 'crashed',
    reason,
    message,
    hopeless: false,
  })
  if (outOfMemory) return crashed('out-of-memory', 'Ran out of memory')
  if (signal !== null) return crashed('killed', `Killed by ${signal}`)
  if (exitCode === null) return crashed('vanished', 'Ended without an exit code')
  return exitCode === 0 ? { kind: 'completed' } : { kind: 'failed', message: `Exited with code ${exitCode}`, timedOut: false }
}

const timeoutText = ({ signal }: Exit): string =>
  signal === 'SIGKILL'
    ? 'Ran longer than its timeout, did not end within its grace time and was killed (SIGKILL)'
    : 'Ran longer than its timeout and was ended by its agent'

/** What a status report of an agent asks for. */
export const causeOfStatus = (status: RunStatus): Cause => {
  switch (status.kind) {
    case 'launching':
      return { kind: 'launching', note: status.note }
    case 'started':
      return { kind: 'started' }
    case 'exited':
      if (status.cause === 'cancel') return { kind: 'stopped', message: howItStopped(status.exit) }
      if (status.cause === 'timeout') return { kind: 'failed', message: timeoutText(status.exit), timedOut: true }
      return causeOfExit(status.exit)
    case 'failed-to-launch': {
      const { reason, message } = status.failure
      return { kind: 'crashed', reason: 'launch', message: `${reason}: ${message}`, hopeless: HOPELESS.includes(reason) }
    }
    case 'released':
      return { kind: 'returned', message: status.note }
    case 'lost':
      return { kind: 'lost', message: status.note }
  }
}

/** What an item of the run API asks for; null for task runs, which have states of their own. */
export const causeOfItem = (item: ReportItem): Cause | null => {
  switch (item.kind) {
    case 'run.running':
      return { kind: 'started' }
    case 'run.completed':
      return { kind: 'completed', message: item.message }
    case 'run.failed':
      return { kind: 'failed', message: item.message, timedOut: item.timedOut }
    case 'task':
      return null
  }
}
