import { newExecution } from './context.ts'
import { CancelledError, InvalidParametersError, messageOf } from './errors.ts'
import { type FlowDefinition, flowRetryDelay, retriesOf } from './flow-definition.ts'
import { newController, sleep } from './guard.ts'
import { retryDelaySeconds, secondsText } from './retry-delay.ts'
import { type Outcome, runFlow, settleBodies } from './run-flow.ts'
import { Terminal } from './terminal.ts'

const TIDY_SECONDS = 5

const finish = (terminal: Terminal, outcome: Outcome): void => {
  if (outcome.kind === 'completed') terminal.item({ kind: 'run.completed' })
  else if (outcome.kind === 'failed') terminal.item({ kind: 'run.failed', message: messageOf(outcome.error), timedOut: outcome.timedOut })
  else terminal.state('Cancelled', messageOf(outcome.reason))
}

/** Runs a flow here, without a control plane: the same retries and times, states on the terminal. Ctrl-C cancels it, a second one ends it at once. */
export const runLocal = async (definition: FlowDefinition, parameters: unknown): Promise<unknown> => {
  const terminal = new Terminal(definition.name)
  const controller = newController()
  const onSignal = (): void => controller.abort(new CancelledError('cancelled from the terminal'))
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  const { failures = 0, jitter = 0.2 } = retriesOf(definition)
  try {
    for (let attempt = 1; ; attempt++) {
      const execution = newExecution({ sink: terminal, attempt })
      terminal.item({ kind: 'run.running' })
      const outcome = await runFlow(definition, parameters, execution, controller.signal)
      await settleBodies(execution, TIDY_SECONDS)
      const again = outcome.kind === 'failed' && attempt <= failures && !(outcome.error instanceof InvalidParametersError)
      if (!again) {
        finish(terminal, outcome)
        if (outcome.kind === 'completed') return outcome.result
        throw outcome.kind === 'failed' ? outcome.error : outcome.reason
      }
      const seconds = retryDelaySeconds(flowRetryDelay(definition, attempt), attempt, outcome.error, jitter, Math.random)
      terminal.state('AwaitingRetry', `${messageOf(outcome.error)}; again in ${secondsText(seconds)}`)
      await sleep(seconds, controller.signal).catch((reason: unknown) => {
        finish(terminal, { kind: 'cancelled', reason })
        throw reason
      })
    }
  } finally {
    process.removeListener('SIGINT', onSignal)
    process.removeListener('SIGTERM', onSignal)
  }
}
