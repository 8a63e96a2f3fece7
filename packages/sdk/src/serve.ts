import { writeSync } from 'node:fs'
import type { FlowDescription } from '@towline/contract/flow-description'
import { type AnyFlow, definitionOf, isFlow } from './flow.ts'
import { retriesOf } from './flow-definition.ts'
import { runLocal } from './run-local.ts'
import { isLaunched, runRemote } from './run-remote.ts'
import { jsonSchemaOf } from './standard-schema.ts'

/** Set by the bundle before any other code: `main()` in the files of the bundle then leaves the start to `serve`. */
export const BUNDLE_MARK = Symbol.for('towline.bundle')

const DESCRIBE_FD = 3

const describe = (flow: AnyFlow): FlowDescription => {
  const definition = definitionOf(flow)
  return {
    name: definition.name,
    description: definition.description ?? null,
    parameterSchema: definition.parameters ? (jsonSchemaOf(definition.parameters) as FlowDescription['parameterSchema']) : null,
    tags: [...(definition.tags ?? [])],
    retries: { ...retriesOf(definition) },
    timeoutSeconds: definition.timeoutSeconds ?? null,
  }
}

/** Starts a bundle: describes its flows, or runs the one that was asked for. Written into bundles by the CLI. */
export const serve = async (modules: readonly Record<string, unknown>[]): Promise<void> => {
  const flows = [...new Set(modules.flatMap((module) => Object.values(module)).filter(isFlow))]
  if (process.env.TOWLINE_BUNDLE_MODE === 'describe') {
    writeSync(DESCRIBE_FD, JSON.stringify(flows.map(describe)))
    process.exit(0)
  }
  if (isLaunched(process.env)) return runRemote(flows)
  const flow = flows.find(({ name }) => name === process.env.TOWLINE_FLOW) ?? flows[0]
  if (!flow) throw new Error('this bundle holds no flow')
  try {
    await runLocal(definitionOf(flow), JSON.parse(process.env.TOWLINE_PARAMETERS ?? '{}'))
    process.exit(0)
  } catch {
    // Its states and the error are on the terminal already.
    process.exit(1)
  }
}
