import { type Execution, inScope, type Lineage, newScope } from './context.ts'
import { TimeoutError } from './errors.ts'
import type { FlowDefinition } from './flow-definition.ts'
import { logger } from './logger.ts'
import { runBody } from './run-body.ts'
import { stackOf } from './stack.ts'
import { MAX_VALUE_BYTES } from './wire.ts'

export type Outcome =
  | { kind: 'completed'; result: unknown; json: string | undefined }
  | { kind: 'failed'; error: unknown; timedOut: boolean }
  | { kind: 'cancelled'; reason: unknown }

const sizeText = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`

/** What a flow returns is kept on its run, so it must be JSON and small. */
export const resultJson = (flow: string, result: unknown): string | undefined => {
  if (result === undefined) return undefined
  let json: string | undefined
  try {
    json = JSON.stringify(result)
  } catch (error) {
    throw new TypeError(`the result of flow "${flow}" is not JSON. Return plain objects, arrays, text and numbers`, { cause: error })
  }
  if (json === undefined)
    throw new TypeError(`the result of flow "${flow}" is a ${typeof result}, which is not JSON. Return plain data or nothing`)
  const bytes = Buffer.byteLength(json)
  if (bytes > MAX_VALUE_BYTES) {
    throw new RangeError(
      `the result of flow "${flow}" has ${sizeText(bytes)}, and ${sizeText(MAX_VALUE_BYTES)} are kept. Store it elsewhere and return where it is`,
    )
  }
  return json
}

/** One attempt of a flow, from its parameters to its outcome. It never throws. */
export const runFlow = async (
  definition: FlowDefinition,
  parameters: unknown,
  execution: Execution,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { name, timeoutSeconds, storeResults = true } = definition
  const lineage: Lineage = { inputs: execution.runId ?? '', storesResults: storeResults }
  try {
    const result = await runBody({
      execution,
      parent: signal,
      flow: name,
      task: null,
      within: [],
      lineage,
      timeoutSeconds,
      run: (context) => definition.execute(parameters, context),
    })
    return { kind: 'completed', result, json: resultJson(name, result) }
  } catch (error) {
    if (signal.aborted) return { kind: 'cancelled', reason: signal.reason }
    inScope(newScope({ execution, signal, flow: name, task: null, within: [], lineage }), () => logger.error(stackOf(error)))
    return { kind: 'failed', error, timedOut: error instanceof TimeoutError && error.message.startsWith(`flow "${name}"`) }
  }
}

/** Gives the bodies that nobody waits for a moment to tidy up. */
export const settleBodies = async (execution: Execution, seconds: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000)
  })
  await Promise.race([Promise.allSettled([...execution.bodies]), enough])
  clearTimeout(timer)
}
