import { randomBytes } from 'node:crypto'
import { type Code, type JobVariables, RUN_ENV } from '@towline/contract/run-spec'
import { newId } from '@towline/service/new-id'
import type { LaunchJob, LogBatch, RunningJob } from '../launcher.ts'

type JobOverrides = {
  agentId: string
  code: Code
  variables?: JobVariables
  env?: Record<string, string>
  bundlePath?: string
  startTimeoutSeconds?: number
}

/** A job as the agent makes it. */
export const testJob = ({ agentId, code, variables = {}, env = {}, bundlePath, startTimeoutSeconds = 60 }: JobOverrides): LaunchJob => {
  const runId = newId()
  return {
    agentId,
    spec: {
      workspaceId: newId(),
      runId,
      runName: 'brave-otter',
      attempt: 1,
      deployment: 'test',
      flow: 'test',
      code,
      parameters: {},
      variables,
      tags: [],
      timeoutSeconds: null,
    },
    env: { [RUN_ENV.runId]: runId, [RUN_ENV.attempt]: '1', ...env },
    bundlePath: bundlePath ?? null,
    startTimeoutSeconds,
  }
}

export const newAgentId = (): string => `test-${randomBytes(6).toString('hex')}`

export const sh = (script: string): Code => ({ kind: 'command', command: ['sh', '-c', script] })
export const node = (script: string): Code => ({ kind: 'command', command: ['node', '-e', script] })

export const noEvents = { onLaunching: () => undefined }
export const noAbort = (): AbortSignal => new AbortController().signal

export const readLogs = async (
  job: RunningJob,
  from = { stdout: 0, stderr: 0 },
): Promise<Record<LogBatch['stream'], LogBatch['lines']>> => {
  const read: Record<LogBatch['stream'], LogBatch['lines']> = { stdout: [], stderr: [] }
  for await (const { stream, lines } of job.logs(from, noAbort())) read[stream].push(...lines)
  return read
}

export const texts = (lines: LogBatch['lines']): string[] => lines.map(({ text }) => text)
export const seqs = (lines: LogBatch['lines']): number[] => lines.map(({ seq }) => seq)
export const countTo = (last: number, first = 1): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)

/** Follows until a line fits, then lets go. */
export const lineThat = async (job: RunningJob, matches: (text: string) => boolean): Promise<string> => {
  const letGo = new AbortController()
  for await (const { lines } of job.logs({ stdout: 0, stderr: 0 }, letGo.signal)) {
    const line = lines.find(({ text }) => matches(text))
    if (line === undefined) continue
    letGo.abort()
    return line.text
  }
  throw new Error('the job ended without such a line')
}
