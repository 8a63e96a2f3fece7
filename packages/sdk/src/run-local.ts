import { newExecution } from './context.ts'
import { CancelledError, messageOf } from './errors.ts'
import { type FlowDefinition, retriesOf } from './flow-definition.ts'
import { newController } from './guard.ts'
import { runFlow, settleBodies } from './run-flow.ts'
import { Terminal } from './terminal.ts'

const TIDY_SECONDS = 5

/**
 * Runs a flow here, without a control plane, states on the terminal. It is one attempt: tasks are tried again as they say, the flow
 * as a whole is not, since nobody at a terminal wants to wait for that. Ctrl-C cancels it, a second one ends it at once.
 */
export const runLocal = async (definition: FlowDefinition, parameters: unknown): Promise<unknown> => {
  const terminal = new Terminal(definition.name)
  const controller = newController()
  const onSignal = (): void => controller.abort(new CancelledError('cancelled from the terminal'))
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  const execution = newExecution({ sink: terminal })
  terminal.item({ kind: 'run.running' })
  try {
    const outcome = await runFlow(definition, parameters, execution, controller.signal)
    await settleBodies(execution, TIDY_SECONDS)
    if (outcome.kind === 'completed') {
      terminal.item({ kind: 'run.completed' })
      return outcome.result
    }
    if (outcome.kind === 'cancelled') {
      terminal.state('Cancelled', messageOf(outcome.reason))
      throw outcome.reason
    }
    const { failures = 0 } = retriesOf(definition)
    const more = failures > 0 ? ` (an agent would try it ${failures === 1 ? 'once' : `${failures} times`} more)` : ''
    terminal.item({ kind: 'run.failed', message: `${messageOf(outcome.error)}${more}`, timedOut: outcome.timedOut })
    throw outcome.error
  } finally {
    process.removeListener('SIGINT', onSignal)
    process.removeListener('SIGTERM', onSignal)
  }
}
