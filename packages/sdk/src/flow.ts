import { callTask } from './call-task.ts'
import { currentScope } from './context.ts'
import { InvalidParametersError } from './errors.ts'
import { type FlowDefinition, type FlowFacts, flowRetryDelay, retriesOf } from './flow-definition.ts'
import type { RunContext } from './run-context.ts'
import { runLocal } from './run-local.ts'
import { type InputOf, type OutputOf, type StandardSchema, validate } from './standard-schema.ts'
import { checkTimeout } from './task.ts'
import { weightsOf } from './weights-of.ts'

export interface FlowOptions<Schema extends StandardSchema, Result> extends FlowFacts {
  /** A zod object, or any other Standard Schema: the form in the dashboard and the check of each run are made from it. */
  parameters: Schema
  run: (parameters: OutputOf<Schema>, context: RunContext) => Result
}

export interface BareFlowOptions<Result> extends FlowFacts {
  parameters?: undefined
  run: (parameters: Record<string, unknown>, context: RunContext) => Result
}

/** Marks flows among the exports of a file, also across two copies of this package. */
const FLOW = Symbol.for('towline.flow')

export interface Flow<Input, Result> {
  /** Inside a flow it runs as a step of it; alone it runs here and prints its states. */
  (...parameters: undefined extends Input ? [parameters?: Input] : [parameters: Input]): Promise<Awaited<Result>>
  readonly name: string
  readonly [FLOW]: FlowDefinition
}
export type AnyFlow = { readonly name: string; readonly [FLOW]: FlowDefinition }

const FLOW_NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/

export const isFlow = (value: unknown): value is AnyFlow => typeof value === 'function' && FLOW in value
export const definitionOf = (flow: AnyFlow): FlowDefinition => flow[FLOW]

export function flow<Schema extends StandardSchema, Result>(options: FlowOptions<Schema, Result>): Flow<InputOf<Schema>, Result>
export function flow<Result>(options: BareFlowOptions<Result>): Flow<Record<string, unknown> | undefined, Result>
export function flow<Result>(
  options: FlowFacts & { parameters?: StandardSchema; run: (parameters: never, context: RunContext) => Result },
): AnyFlow {
  const { name, run, parameters = null } = options
  if (typeof name !== 'string' || name.length > 80 || !FLOW_NAME.test(name)) {
    throw new TypeError(
      `${JSON.stringify(name)} is no name for a flow: use lower-case letters, digits, dots, dashes and underscores, at most 80`,
    )
  }
  checkTimeout(`timeoutSeconds of flow "${name}"`, options.timeoutSeconds)
  const check = async (input: unknown): Promise<unknown> => {
    if (!parameters) return input ?? {}
    const checked = await validate(parameters, input ?? {})
    if (checked.ok) return checked.value
    throw new InvalidParametersError(`the parameters do not match the schema of flow "${name}":\n  ${checked.problems.join('\n  ')}`)
  }
  const definition: FlowDefinition = {
    name,
    description: options.description,
    tags: options.tags,
    retries: options.retries,
    timeoutSeconds: options.timeoutSeconds,
    storeResults: options.storeResults,
    parameters,
    check,
    execute: async (input, context) => await run((await check(input)) as never, context),
  }
  const callable = (input?: unknown): Promise<unknown> => {
    if (!currentScope()) return runLocal(definition, input)
    const { failures = 0, jitter = 0.2 } = retriesOf(options)
    return callTask({
      name,
      retries: failures,
      retryDelay: (retry) => flowRetryDelay(options, retry),
      retryJitter: jitter,
      timeoutSeconds: options.timeoutSeconds,
      tags: options.tags ?? [],
      weights: weightsOf(`flow "${name}"`, options.tags ?? []),
      storeResult: options.storeResults ?? true,
      storeChildren: options.storeResults ?? true,
      dependsOn: [],
      args: [input],
      run: ([settled], context) => definition.execute(settled, context),
    })
  }
  Object.defineProperty(callable, 'name', { value: name })
  return Object.assign(callable, { [FLOW]: definition } as const)
}
