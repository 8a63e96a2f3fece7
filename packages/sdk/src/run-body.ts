import { type Execution, inScope, type Lineage, newScope, type Scope } from './context.ts'
import { CancelledError, messageOf } from './errors.ts'
import { guarded } from './guard.ts'
import { logger } from './logger.ts'
import type { RunContext } from './run-context.ts'

interface Body<T> {
  execution: Execution
  parent: AbortSignal
  flow: string
  task: RunContext['task']
  within: readonly string[]
  lineage: Lineage
  timeoutSeconds: number | undefined
  run: (context: RunContext) => T | Promise<T>
}

/** Tasks that were started and not awaited belong to the body: it ends after them, and fails with one that nobody looked at. */
const settleChildren = async (scope: Scope): Promise<void> => {
  while (scope.pending.size > 0) {
    for (const child of [...scope.pending]) {
      const outcome = await child.settled
      scope.pending.delete(child)
      if (!outcome.ok && !child.observed) {
        throw new Error(`task "${child.key}" failed and nothing awaited it: ${messageOf(outcome.error)}`, { cause: outcome.error })
      }
    }
  }
}

/** The body of a flow or one try of a task: with its own scope, within its time, not over before its children are. */
export const runBody = <T>({ execution, parent, flow, task, within, lineage, timeoutSeconds, run }: Body<T>): Promise<T> => {
  const what = task ? `task "${task.key}"` : `flow "${flow}"`
  return guarded({ parent, timeoutSeconds, what, bodies: execution.bodies }, async ({ signal, cancelChildren }) => {
    const scope = newScope({ execution, signal, flow, task, within, lineage })
    const { runId, runName, deployment, attempt } = execution
    const context: RunContext = { signal, logger, flow, runId, runName, deployment, attempt, task }
    try {
      const value = await inScope(scope, () => run(context))
      await settleChildren(scope)
      return value
    } catch (error) {
      cancelChildren(new CancelledError(`${what} failed`))
      await Promise.all([...scope.pending].map((child) => child.settled))
      throw error
    }
  })
}
