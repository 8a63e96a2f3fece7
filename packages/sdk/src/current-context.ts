import { currentScope } from './context.ts'
import { logger } from './logger.ts'
import type { RunContext } from './run-context.ts'

/** Where the code that asks runs: its signal, run, attempt and task. Only inside a flow or a task. */
export const context = (): RunContext => {
  const scope = currentScope()
  if (!scope) throw new Error('context() has an answer only inside a flow or a task')
  const { runId, runName, deployment, attempt } = scope.execution
  return { signal: scope.signal, logger, flow: scope.flow, runId, runName, deployment, attempt, task: scope.task }
}
