import { AppError } from '@towline/contract/app-error'
import type { JsonObject } from '@towline/contract/json'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** Refuses what is no parameter schema (JSON Schema draft 2020-12, type object), with the reason. */
export const checkParameterSchema = (schema: JsonObject): void => {
  if (schema.type !== 'object') throw new AppError('invalid_input', 'The parameter schema must have "type": "object".')
  try {
    new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(schema)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable'
    throw new AppError('invalid_input', `The parameter schema is not valid JSON Schema (draft 2020-12): ${reason}`, { cause })
  }
}

/** Defaults may leave required parameters to each run; everything else must fit already. */
export const withoutRequired = ({ required: _, ...schema }: JsonObject): JsonObject => schema
