import { writeSync } from 'node:fs'
import { newExecution } from './context.ts'
import { CancelledError, messageOf } from './errors.ts'
import { fetchPastResults } from './fetch-past-results.ts'
import { type AnyFlow, definitionOf } from './flow.ts'
import { newController } from './guard.ts'
import { PastResults } from './past-results.ts'
import { createPost, createSend } from './post.ts'
import { Reporter } from './reporter.ts'
import { type Outcome, runFlow, settleBodies } from './run-flow.ts'
import { RemoteSlots } from './slots.ts'
import { stackOf } from './stack.ts'
import { cleanText, REPORT_PATH, RESULTS_PATH, RUN_ENV, SLOTS_PATH, type Stop } from './wire.ts'

type Env = Record<string, string | undefined>

const FLUSH_MS = 60_000
/** After a cancel the agent's grace runs: what is left must leave within it. */
const CANCEL_FLUSH_MS = 3000
const TIDY_SECONDS = 5
const MAX_MESSAGE = 4000
const MAX_ERROR = 16_000
const EXIT_CANCELLED = 143

const toStderr = (text: string): void => {
  try {
    writeSync(2, `${text}\n`)
  } catch {
    // Nobody reads stderr any more; the exit code still tells.
  }
}

const pickFlow = (flows: readonly AnyFlow[], name: string | undefined): AnyFlow => {
  const found = flows.find((flow) => flow.name === name) ?? (name === undefined && flows.length === 1 ? flows[0] : undefined)
  if (found) return found
  const known = flows.map((flow) => `"${flow.name}"`).join(', ') || 'none'
  throw new Error(`the code holds no flow ${JSON.stringify(name ?? '')}. Flows here: ${known}. Register the deployment again`)
}

export const isLaunched = (env: Env): boolean => Boolean(env[RUN_ENV.apiUrl] && env[RUN_ENV.token])

/** What ends a process without a word ends the run with one: errors that nobody caught, an empty event loop, process.exit(). */
const watchAccidents = (reporter: Reporter): { first: Promise<Outcome>; close: () => void } => {
  let ended = false
  const first = new Promise<Outcome>((resolve) => {
    const fail = (error: unknown): void => resolve({ kind: 'failed', error, timedOut: false })
    process.on('uncaughtException', fail)
    process.on('unhandledRejection', fail)
    process.on('beforeExit', () =>
      fail(new Error('the flow waits for something that can never happen: nothing is left to run in the process')),
    )
  })
  process.on('exit', () => {
    if (ended) return
    // process.exit() inside a flow: nothing can be sent any more, but it must not look like success.
    for (const line of reporter.close()) toStderr(line)
    toStderr('the process exited before its flow had ended')
    if (!process.exitCode) process.exitCode = 1
  })
  return {
    first,
    close: () => {
      ended = true
    },
  }
}

/** Runs one attempt for the control plane: takes the parameters from the environment, reports, and exits. Never returns. */
export const runRemote = async (flows: readonly AnyFlow[], env: Env = process.env): Promise<never> => {
  const controller = newController()
  const onStop = (asked: Stop): void => controller.abort(new CancelledError(asked.message))
  const url = env[RUN_ENV.apiUrl]?.replace(/\/+$/, '')
  const token = env[RUN_ENV.token] ?? ''
  const reporter = new Reporter({ post: createPost(`${url}${REPORT_PATH}`, token), onStop })
  const cancel = (): void => onStop({ reason: 'cancelled', message: 'the run was cancelled' })
  process.on('SIGTERM', cancel)
  process.on('SIGINT', cancel)

  const accidents = watchAccidents(reporter)
  reporter.item({ kind: 'run.running' })
  const attemptNumber = Number(env[RUN_ENV.attempt] ?? 1)
  const past = env[RUN_ENV.reuse] === '1' ? new PastResults(attemptNumber) : null
  const execution = newExecution({
    sink: reporter,
    keepsResults: true,
    past,
    slots: new RemoteSlots({ send: createSend(`${url}${SLOTS_PATH}`, token), onStop }),
    runId: env[RUN_ENV.runId] ?? null,
    runName: env[RUN_ENV.runName] ?? 'run',
    deployment: env[RUN_ENV.deployment] ?? null,
    attempt: attemptNumber,
  })
  const attempt = async (): Promise<Outcome> => {
    try {
      const definition = definitionOf(pickFlow(flows, env[RUN_ENV.flow]))
      if (past) {
        await fetchPastResults(past, { send: createSend(`${url}${RESULTS_PATH}`, token), onStop, signal: controller.signal })
        reporter.log({ level: 'info', text: `retried from failed: ${past.size} results of earlier attempts are at hand` })
      }
      return await runFlow(definition, JSON.parse(env[RUN_ENV.parameters] ?? '{}'), execution, controller.signal)
    } catch (error) {
      if (controller.signal.aborted) return { kind: 'cancelled', reason: controller.signal.reason }
      return { kind: 'failed', error, timedOut: false }
    }
  }
  const outcome = await Promise.race([attempt(), accidents.first])
  if (outcome.kind === 'failed') controller.abort(new CancelledError('the run has failed'))
  await (outcome.kind === 'completed' ? undefined : settleBodies(execution, outcome.kind === 'cancelled' ? TIDY_SECONDS : 1))
  if (outcome.kind === 'completed') {
    reporter.item({ kind: 'run.completed', ...(outcome.json === undefined ? {} : { result: outcome.result as never }) })
  } else if (outcome.kind === 'failed') {
    const message = cleanText(messageOf(outcome.error), MAX_MESSAGE, '…')
    reporter.item({ kind: 'run.failed', message, error: cleanText(stackOf(outcome.error), MAX_ERROR, '…'), timedOut: outcome.timedOut })
  }
  const flushed = await reporter.flush(outcome.kind === 'cancelled' ? CANCEL_FLUSH_MS : FLUSH_MS)
  const left = reporter.close()
  if (!flushed) {
    for (const line of left) toStderr(line)
    if (reporter.problem) toStderr(`not everything reached the control plane: ${reporter.problem}`)
    if (outcome.kind === 'failed') toStderr(stackOf(outcome.error))
  }
  accidents.close()
  process.exit(outcome.kind === 'completed' ? 0 : outcome.kind === 'failed' ? 1 : EXIT_CANCELLED)
}
