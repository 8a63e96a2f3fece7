import { callTask } from './call-task.ts'
import type { RetryDelay } from './retry-delay.ts'
import type { Weights } from './slots.ts'
import { weightsOf } from './weights-of.ts'

export interface TaskOptions<Args extends unknown[], Result> {
  /** Shown on the page of the run; also the base of the task run's key. */
  name: string
  run: (...args: Args) => Result
  /** Further tries after the first has failed. */
  retries?: number
  /** Seconds before retry n: one number, a list, or a function of n (from 1) and the error. Default 1. */
  retryDelaySeconds?: RetryDelay
  /** Share of the delay by which it may vary either way, 0 to 1. Default 0.1. */
  retryJitter?: number
  /** For each try. `context().signal` is aborted when it is over. */
  timeoutSeconds?: number
  /** Each takes a slot of the limit of that tag, if there is one, while a try runs: the task waits for all of them first. */
  tags?: readonly string[]
  /** Slots that it takes of the limit of a tag, where that is not 1: `{ gpu: 2 }`. */
  weights?: Weights
  /**
   * What it returns is kept, when it is JSON of at most 64 KiB, so that a retry from failed need not run it again. false: it is not kept
   * (a secret), or must run each time (it opens something). Default true.
   */
  storeResult?: boolean
}

/** What one call may say differently. */
export interface CallOptions {
  name?: string
  retries?: number
  timeoutSeconds?: number
  tags?: readonly string[]
  weights?: Weights
  /** Tasks that must have ended well first, though none of their results is taken: their promises, results or keys. */
  dependsOn?: readonly unknown[]
}

/** An argument may be the value, or a promise of it: the task then starts when it is there. */
export type Eventually<T> = T | PromiseLike<T> | (T extends readonly (infer Item)[] ? readonly (Item | PromiseLike<Item>)[] : never)
export type EventualArgs<Args extends unknown[]> = { [Index in keyof Args]: Eventually<Args[Index]> }
type TaskCallable<Args extends unknown[], Result> = (...args: EventualArgs<Args>) => Promise<Awaited<Result>>

export interface Task<Args extends unknown[], Result> {
  (...args: EventualArgs<Args>): Promise<Awaited<Result>>
  readonly name: string
  /** The same task with other options for the next call: `load.with({ dependsOn: [check] })(rows)`. */
  with: (options: CallOptions) => TaskCallable<Args, Result>
}

const MAX_NAME_CHARS = 80

const checkName = (name: unknown): string => {
  if (typeof name === 'string' && name.trim() !== '' && name.length <= MAX_NAME_CHARS && !/\p{Cc}/u.test(name)) return name
  throw new TypeError(`a task needs a name of 1 to ${MAX_NAME_CHARS} characters, not ${JSON.stringify(name)}`)
}

const checkCount = (what: string, value: number): number => {
  if (Number.isInteger(value) && value >= 0) return value
  throw new TypeError(`${what} is a whole number from 0, not ${value}`)
}

export const checkTimeout = (what: string, value: number | undefined): number | undefined => {
  if (value === undefined || value > 0) return value
  throw new TypeError(`${what} is a number of seconds above 0, not ${value}`)
}

/** Makes a step of a flow out of a function: it has its own state, tries, time and logs on the page of the run. */
export const task = <Args extends unknown[], Result>(options: TaskOptions<Args, Result>): Task<Args, Result> => {
  const name = checkName(options.name)
  const call = (args: EventualArgs<Args>, changes: CallOptions): Promise<Awaited<Result>> => {
    const weights = weightsOf(`task "${name}"`, changes.tags ?? options.tags ?? [], changes.weights ?? options.weights)
    return callTask<Awaited<Result>>({
      name: changes.name === undefined ? name : checkName(changes.name),
      retries: checkCount(`retries of task "${name}"`, changes.retries ?? options.retries ?? 0),
      retryDelay: options.retryDelaySeconds ?? 1,
      retryJitter: options.retryJitter ?? 0.1,
      timeoutSeconds: checkTimeout(`timeoutSeconds of task "${name}"`, changes.timeoutSeconds ?? options.timeoutSeconds),
      tags: Object.keys(weights),
      weights,
      storeResult: options.storeResult ?? true,
      storeChildren: true,
      dependsOn: changes.dependsOn ?? [],
      args,
      run: async (settled): Promise<Awaited<Result>> => await options.run(...(settled as Args)),
    })
  }
  const callable: TaskCallable<Args, Result> = (...args) => call(args, {})
  Object.defineProperty(callable, 'name', { value: name })
  return Object.assign(callable, {
    with:
      (changes: CallOptions): TaskCallable<Args, Result> =>
      (...args) =>
        call(args, changes),
  })
}
