import type { Exit, RunStatus } from '@towline/contract/frames'
import type { ReportItem } from '@towline/contract/run-api'
import type { LaunchFailureReason } from '@towline/contract/run-spec'
import type { Cause } from './facts.ts'

/** Launch failures that another attempt would meet again. */
const HOPELESS: readonly LaunchFailureReason[] = ['ConfigInvalid', 'CommandNotFound']

/** An end by itself: exit code 0 is success, another code is the user's failure, a signal or the memory's end is the infrastructure's. */
const causeOfExit = ({ exitCode, signal, outOfMemory }: Exit): Cause => {
  const crashed = (message: string): Cause => ({ kind: 'crashed', message, hopeless: false, launched: true })
  if (outOfMemory) return crashed('Ran out of memory')
  if (signal !== null) return crashed(`Killed by ${signal}`)
  if (exitCode === null) return crashed('Ended without an exit code')
  return exitCode === 0 ? { kind: 'completed' } : { kind: 'failed', message: `Exited with code ${exitCode}`, timedOut: false }
}

/** What a status report of an agent asks for. */
export const causeOfStatus = (status: RunStatus): Cause => {
  switch (status.kind) {
    case 'launching':
      return { kind: 'launching', note: status.note }
    case 'started':
      return { kind: 'started' }
    case 'exited':
      if (status.cause === 'cancel') return { kind: 'stopped', message: 'Stopped by the agent' }
      if (status.cause === 'timeout') return { kind: 'failed', message: 'Ran longer than its timeout', timedOut: true }
      return causeOfExit(status.exit)
    case 'failed-to-launch': {
      const { reason, message } = status.failure
      return { kind: 'crashed', message: `${reason}: ${message}`, hopeless: HOPELESS.includes(reason), launched: false }
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
