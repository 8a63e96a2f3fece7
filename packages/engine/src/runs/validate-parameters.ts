import { AppError } from '@towline/contract/app-error'
import type { JsonObject } from '@towline/contract/json'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'

const MAX_CACHED = 500
const MAX_PROBLEMS = 10

/** Versions never change, so a validator is compiled once per process and version. */
const compiled = new Map<string, ValidateFunction>()

const compile = (versionId: string, schema: JsonObject): ValidateFunction => {
  const known = compiled.get(versionId)
  if (known) return known
  let validate: ValidateFunction
  try {
    // One instance per schema: two versions may use the same $id.
    validate = new Ajv2020({ allErrors: true, useDefaults: true, strict: false, validateFormats: false, logger: false }).compile(schema)
  } catch (cause) {
    throw new AppError(
      'invalid_parameters',
      'The parameter schema of this deployment is not a valid JSON Schema (draft 2020-12). Register it again.',
      { cause },
    )
  }
  compiled.set(versionId, validate)
  if (compiled.size > MAX_CACHED) compiled.delete(compiled.keys().next().value as string)
  return validate
}

type Target = { versionId: string; schema: JsonObject | null; defaults: JsonObject }

/** The parameters with all defaults, or one error that names each parameter that is wrong. Without a schema anything goes. */
export const validateParameters = ({ versionId, schema, defaults }: Target, given: JsonObject): JsonObject => {
  const merged = structuredClone({ ...defaults, ...given })
  if (schema === null) return merged
  const unknown = unknownParameters(schema, merged)
  const validate = compile(versionId, schema)
  const problems = validate(merged) ? unknown : [...unknown, ...(validate.errors ?? []).flatMap((error) => describe(error, merged))]
  if (problems.length === 0) return merged
  const shown = [...new Set(problems)]
  const more = shown.length > MAX_PROBLEMS ? `; and ${shown.length - MAX_PROBLEMS} more` : ''
  throw new AppError('invalid_parameters', shown.slice(0, MAX_PROBLEMS).join('; ') + more)
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A misspelt parameter is refused unless the schema invites others: JSON Schema itself would let it pass. */
const unknownParameters = (schema: JsonObject, given: JsonObject): string[] => {
  const { properties, additionalProperties } = schema
  const open = ['patternProperties', 'allOf', 'anyOf', 'oneOf', '$ref', 'unevaluatedProperties', 'if'].some((keyword) => keyword in schema)
  if (!isObject(properties) || open || additionalProperties === true || isObject(additionalProperties)) return []
  const known = Object.keys(properties).sort()
  const list = known.length > 0 ? `known: ${known.join(', ')}` : 'this deployment takes none'
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => `unknown parameter "${key}"; ${list}`)
}

const describe = (error: ErrorObject, given: JsonObject): string[] => {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer)
  const name = path.join('.')
  if (error.keyword === 'required') return [`parameter "${[...path, String(error.params.missingProperty)].join('.')}" is required`]
  if (error.keyword === 'additionalProperties') {
    // At the top it was said already, with the list of what is known.
    return path.length === 0 ? [] : [`unknown key "${String(error.params.additionalProperty)}" in parameter "${name}"`]
  }
  const subject = path.length > 0 ? `parameter "${name}"` : 'the parameters'
  if (error.keyword === 'enum')
    return [`${subject} must be one of ${(error.params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`]
  return [`${subject} ${error.message ?? 'is not valid'}, got ${show(at(given, path))}`]
}

const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  )

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
