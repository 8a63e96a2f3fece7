import { readFileSync } from 'node:fs'
import type { JsonObject } from '@towline/contract/json'
import { ParameterFlagError, parseParameterFlags } from '@towline/contract/parameter-flags'
import { CliError, EXIT } from '../cli-error.ts'

export interface RunOptions {
  param: string[]
  paramsFile?: string
  env: string[]
  tag: string[]
  at?: string
  name?: string
  priority?: string
  idempotencyKey?: string
  watch?: boolean
  local?: boolean
}

const fromFile = (path: string | undefined): JsonObject => {
  if (path === undefined) return {}
  try {
    const value: unknown = JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch (cause) {
    throw new CliError(`${path} cannot be read as JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      exit: EXIT.usage,
      cause,
    })
  }
  throw new CliError(`${path} must hold a JSON object`, { exit: EXIT.usage })
}

/** The file first, then the flags over it. */
export const readParameters = ({ param, paramsFile }: Pick<RunOptions, 'param' | 'paramsFile'>, schema: JsonObject | null): JsonObject => {
  try {
    return { ...fromFile(paramsFile), ...parseParameterFlags({ flags: param, schema, readFile: (path) => readFileSync(path, 'utf8') }) }
  } catch (error) {
    if (error instanceof ParameterFlagError) throw new CliError(error.message, { exit: EXIT.usage })
    throw error
  }
}
