import { AsyncLocalStorage } from 'node:async_hooks'
import type { PastResults } from './past-results.ts'
import type { RunContext } from './run-context.ts'
import type { Slots } from './slots.ts'
import { type Sink, silentSink } from './wire.ts'

/** The facts of one execution that all its tasks share. */
export interface Execution {
  readonly sink: Sink
  /** Who gives out the slots of tags; null where there are no limits: on the user's own machine. */
  readonly slots: Slots | null
  /** Do results of tasks go to the control plane, for a later attempt to take them over? */
  readonly keepsResults: boolean
  /** Results of earlier attempts, when this one takes them over. */
  readonly past: PastResults | null
  readonly runId: string | null
  readonly runName: string
  readonly deployment: string | null
  readonly attempt: number
  /** Bodies that still run although nobody waits for them any more (their time was over): the exit waits a moment for them. */
  readonly bodies: Set<Promise<unknown>>
}

/** A call of a task whose outcome its parent has to see. */
export interface Pending {
  readonly key: string
  readonly settled: Promise<{ ok: true } | { ok: false; error: unknown }>
  observed: boolean
}

/** What a task has from those around it. */
export interface Lineage {
  /** Stands for everything that the code around it was called with; null: that cannot be told. */
  readonly inputs: string | null
  readonly storesResults: boolean
}

/** Where in a run the code stands: the flow's body or one try of a task. Children get their keys from it. */
export interface Scope {
  readonly execution: Execution
  readonly signal: AbortSignal
  readonly flow: string
  readonly task: RunContext['task']
  /** Keys of the task runs around the code, from the outside in; its own is the last. They lend it their slots. */
  readonly within: readonly string[]
  readonly lineage: Lineage
  readonly names: Map<string, number>
  readonly pending: Set<Pending>
}

const storage = new AsyncLocalStorage<Scope>()

export const currentScope = (): Scope | undefined => storage.getStore()
export const inScope = <T>(scope: Scope, body: () => T): T => storage.run(scope, body)

export const newScope = (parent: Omit<Scope, 'names' | 'pending'>): Scope => ({ ...parent, names: new Map(), pending: new Set() })

export const newExecution = (facts: Partial<Execution> = {}): Execution => ({
  sink: silentSink,
  slots: null,
  keepsResults: false,
  past: null,
  runId: null,
  runName: 'local',
  deployment: null,
  attempt: 1,
  bodies: new Set(),
  ...facts,
})

const MAX_KEY_CHARS = 200

/** `fetch`, `fetch-2`, … in the order of the calls; inside a task `parent/fetch`. The same code gets the same keys in each attempt. */
export const nextKey = (scope: Scope, name: string): string => {
  const prefix = scope.task ? `${scope.task.key}/` : ''
  const count = (scope.names.get(name) ?? 0) + 1
  scope.names.set(name, count)
  const key = `${prefix}${name}${count > 1 ? `-${count}` : ''}`
  return key.length <= MAX_KEY_CHARS ? key : `…${key.slice(1 - MAX_KEY_CHARS)}`
}
