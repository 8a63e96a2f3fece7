import { inScope, type Lineage, newScope, type Scope } from './context.ts'
import { type InputHash, inputHash } from './input-hash.ts'
import { keptResult } from './kept-result.ts'
import { logger } from './logger.ts'
import type { Found } from './past-results.ts'
import type { NewItem } from './wire.ts'

type TaskItem = Extract<NewItem, { kind: 'task' }>

/** One task run, as far as another attempt may take over what it returned. */
export interface Reuse {
  /** What is reported when it starts, or is taken over. */
  readonly mark: { inputHash?: string }
  /** What tasks inside it inherit. */
  readonly lineage: Lineage
  /** Its result from an earlier attempt; null: it has to run. */
  takeOver: () => Extract<Found, { kind: 'found' }> | null
  /** What is reported with its end. */
  outcome: (value: unknown) => Pick<TaskItem, 'result' | 'notReusable'>
}

interface Facts {
  scope: Scope
  key: string
  name: string
  storeResult: boolean
  storeChildren: boolean
  args: readonly unknown[]
  /** Keys of tasks that it has to follow, though no value of theirs says so. */
  follows: readonly string[]
}

const NOTHING: Reuse = { mark: {}, lineage: { inputs: null, storesResults: false }, takeOver: () => null, outcome: () => ({}) }

const refusalOf = ({ scope, storeResult }: Facts): string | null => {
  if (!scope.lineage.storesResults) return 'storeResults of its flow is false'
  return storeResult ? null : 'storeResult of the task is false'
}

/** Where nobody keeps results (in a unit test, on the user's own machine) nothing is compared or measured. */
export const reuseOf = (facts: Facts): Reuse => {
  const { scope, key, name, args, follows } = facts
  const { keepsResults, past } = scope.execution
  if (!keepsResults) return NOTHING
  const inputs: InputHash = inputHash(scope.lineage, args)
  const refusal = refusalOf(facts) ?? (inputs.hash === null ? inputs.notReusable : null)
  return {
    mark: inputs.hash === null || refusal !== null ? {} : { inputHash: inputs.hash },
    lineage: {
      inputs: inputs.hash === null ? null : `${name} ${inputs.hash}`,
      storesResults: scope.lineage.storesResults && facts.storeChildren,
    },
    takeOver: () => {
      if (!past) return null
      if (refusal === null && inputs.hash !== null && !scope.signal.aborted) {
        const found = past.take({ key, name, inputHash: inputs.hash, follows })
        if (found.kind === 'found') return found
        const say = (why: string): void =>
          inScope(newScope({ ...scope, task: { key, name, try: 1 } }), () => logger.info(`runs again: ${why}`))
        if (found.kind === 'changed') say(`its inputs are others than in attempt ${found.attempt}`)
        if (found.kind === 'overtaken') say(`it follows "${found.by}", which has run since`)
      }
      past.ran(key)
      return null
    },
    outcome: (value) => {
      if (refusal !== null) return { notReusable: refusal }
      // Whoever takes the result over does not run it, so what it did to its arguments would be missing.
      if (inputHash(scope.lineage, args).hash !== inputs.hash) return { notReusable: 'it changes its arguments' }
      const kept = keptResult(value)
      if ('notReusable' in kept) return kept
      return kept.json === undefined ? {} : { result: kept.json }
    },
  }
}
