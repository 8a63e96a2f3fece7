import { currentScope, inScope, newExecution, newScope, nextKey, type Scope } from './context.ts'
import { collectOrigins, originOf, rememberOrigin, rememberResult } from './edges.ts'
import { messageOf, NonRetryableError } from './errors.ts'
import { newController, sleep } from './guard.ts'
import { logger } from './logger.ts'
import { type RetryDelay, retryDelaySeconds, secondsText } from './retry-delay.ts'
import { runBody } from './run-body.ts'
import type { RunContext } from './run-context.ts'
import type { Weights } from './slots.ts'
import { stackOf } from './stack.ts'
import { TaskPromise } from './task-promise.ts'
import { reuseOf } from './task-reuse.ts'
import { cleanText, type NewItem } from './wire.ts'

/** One call of a task (or of a flow inside a flow) with everything already decided. */
export interface TaskCall<T> {
  name: string
  retries: number
  retryDelay: RetryDelay
  retryJitter: number
  timeoutSeconds: number | undefined
  tags: readonly string[]
  /** What it takes of the limits of its tags; asked for before each try. */
  weights: Weights
  /** May what it returns, and what tasks inside it return, be kept for a later attempt? */
  storeResult: boolean
  storeChildren: boolean
  dependsOn: readonly unknown[]
  args: readonly unknown[]
  run: (args: unknown[], context: RunContext) => T | Promise<T>
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const mustWait = (args: readonly unknown[]): boolean => args.some((arg) => isThenable(arg) || (Array.isArray(arg) && arg.some(isThenable)))

const settleArgs = (args: readonly unknown[]): Promise<unknown[]> =>
  Promise.all(args.map((arg) => (Array.isArray(arg) && arg.some(isThenable) ? Promise.all(arg) : arg)))

type TaskItem = Extract<NewItem, { kind: 'task' }>
const MAX_MESSAGE = 4000

/** Outside a flow a task is a plain function: unit tests call it so. It retries, and reports to nobody. */
const loneScope = (): Scope =>
  newScope({
    execution: newExecution(),
    signal: newController().signal,
    flow: 'none',
    task: null,
    within: [],
    lineage: { inputs: null, storesResults: false },
  })

const dependencies = (call: TaskCall<unknown>, args: readonly unknown[]): string[] => {
  const found = new Set<string>()
  collectOrigins(args, found)
  for (const key of namedKeys(call.dependsOn)) found.add(key)
  return [...found]
}

const namedKeys = (sources: readonly unknown[]): string[] =>
  sources.map((source) => (typeof source === 'string' ? source : originOf(source))).filter((key) => key !== undefined)

/** The tasks that it has to follow although no value of theirs tells when they have run again: nothing was taken, or they returned nothing. */
const followed = (call: TaskCall<unknown>, settled: readonly unknown[]): string[] => [
  ...namedKeys(call.dependsOn),
  ...namedKeys(call.args.filter((arg, index) => isThenable(arg) && settled[index] === undefined)),
]

const perform = async <T>(call: TaskCall<T>, key: string, scope: Scope): Promise<T> => {
  const { sink } = scope.execution
  let shown: TaskItem['state'] | null = null
  const report = (state: TaskItem['state'], tryNumber: number, more: Partial<TaskItem> = {}): void => {
    shown = state
    if (more.message !== undefined) more.message = cleanText(more.message, MAX_MESSAGE, '…')
    sink.item({ kind: 'task', key, name: call.name, state, try: tryNumber, ...more })
  }
  const tags = call.tags.length > 0 ? { tags: [...call.tags] } : {}
  let args: unknown[] = [...call.args]
  if (mustWait(call.args) || call.dependsOn.some(isThenable)) {
    report('PENDING', 1, { ...tags, dependsOn: dependencies(call, args) })
    try {
      const [settled] = await Promise.all([settleArgs(call.args), ...call.dependsOn.filter(isThenable)])
      args = settled
    } catch (error) {
      report('CANCELLED', 1, { message: `not started, because an input failed: ${messageOf(error)}` })
      throw error
    }
  }
  const dependsOn = dependencies(call, [call.args, args])
  const reuse = reuseOf({ scope, key, ...call, args, follows: followed(call, args) })
  const taken = reuse.takeOver()
  if (taken) {
    report('COMPLETED', 1, { ...tags, dependsOn, ...reuse.mark, reusedFrom: taken.attempt })
    rememberResult(taken.value, key)
    return taken.value as T
  }
  /** Slots are held while a try runs, and by nobody between two tries. */
  const runTry = async (attempt: number): Promise<T> => {
    const facts = attempt === 1 ? { ...tags, dependsOn, ...reuse.mark } : {}
    const { slots } = scope.execution
    const free =
      slots === null || Object.keys(call.weights).length === 0
        ? () => undefined
        : await slots.take({
            key,
            weights: call.weights,
            within: scope.within,
            signal: scope.signal,
            onWait: (message) => report('PENDING', attempt, { ...facts, message }),
          })
    try {
      if (!scope.signal.aborted) report('RUNNING', attempt, facts)
      return await runBody({
        execution: scope.execution,
        parent: scope.signal,
        flow: scope.flow,
        task: { key, name: call.name, try: attempt },
        within: [...scope.within, key],
        lineage: reuse.lineage,
        timeoutSeconds: call.timeoutSeconds,
        run: (context) => call.run(args, context),
      })
    } finally {
      free()
    }
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const value = await runTry(attempt)
      report('COMPLETED', attempt, reuse.outcome(value))
      rememberResult(value, key)
      return value
    } catch (error) {
      if (scope.signal.aborted) {
        if (shown) report('CANCELLED', attempt, { message: messageOf(scope.signal.reason) })
        throw error
      }
      const task = newScope({ ...scope, task: { key, name: call.name, try: attempt } })
      if (attempt > call.retries || error instanceof NonRetryableError) {
        inScope(task, () => logger.error(stackOf(error)))
        report('FAILED', attempt, { message: messageOf(error) })
        throw error
      }
      const seconds = retryDelaySeconds(call.retryDelay, attempt, error, call.retryJitter, Math.random)
      const message = `try ${attempt} of ${call.retries + 1} failed: ${messageOf(error)}; again in ${secondsText(seconds)}`
      inScope(task, () => logger.warn(message))
      report('RETRYING', attempt, { message })
      await sleep(seconds, scope.signal).catch((reason: unknown) => {
        report('CANCELLED', attempt, { message: messageOf(reason) })
        throw reason
      })
    }
  }
}

/** Starts the task at once; its promise may be awaited, or handed to another task. */
export const callTask = <T>(call: TaskCall<T>): Promise<T> => {
  const scope = currentScope()
  if (!scope) return perform(call, call.name, loneScope())
  const key = nextKey(scope, call.name)
  const { promise, pending } = TaskPromise.of(key, perform(call, key, scope))
  scope.pending.add(pending)
  rememberOrigin(promise, key)
  return promise
}
