import { AppError } from '@towline/contract/app-error'
import { MAX_VALUE_BYTES } from '@towline/contract/json'
import type { JobVariables, PoolType } from '@towline/contract/run-spec'

/** Variables that only containers understand: set on a process pool they would be silently ignored, so they are refused. */
const CONTAINER_ONLY = [
  'image',
  'imagePullPolicy',
  'memoryMb',
  'cpus',
  'network',
  'volumes',
  'extraHosts',
  'privileged',
] as const satisfies (keyof JobVariables)[]

export const checkVariables = (type: PoolType, variables: JobVariables): void => {
  if (Buffer.byteLength(JSON.stringify(variables)) > MAX_VALUE_BYTES)
    throw new AppError('payload_too_large', 'The variables are larger than 64 KiB.')
  if (type !== 'process') return
  const wrong = CONTAINER_ONLY.filter((key) => variables[key] !== undefined)
  if (wrong.length > 0)
    throw new AppError(
      'invalid_input',
      `Pools of type process start plain processes: ${wrong.join(', ')} cannot apply. Use a pool of type docker.`,
    )
}
