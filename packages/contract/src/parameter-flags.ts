import type { JsonObject, JsonValue } from './json.ts'

/**
 * `-p key=value` as the CLI and a flow file that runs alone read it.
 * - The schema decides where it can: a string stays a string (`-p zip=01234`), anything else is read as JSON.
 * - Without a schema: JSON where it parses, text otherwise.
 * - `a.b=1` sets `b` inside `a`, unless the schema has a property that is spelled `a.b`.
 * - An array may be typed as `a,b,c`. `key=@file` takes the file's content; `@@x` is the text `@x`.
 */
export interface ParameterFlags {
  flags: readonly string[]
  schema: JsonObject | null
  readFile: (path: string) => string
}

/** A flag that cannot be read. The text is for the person who typed it. */
export class ParameterFlagError extends Error {
  override readonly name = 'ParameterFlagError'
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

const propertyOf = (schema: JsonObject | null, key: string): JsonObject | null => {
  const properties = schema?.properties
  const found = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined
  return isObject(found) ? found : null
}

const listOf = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])

/** Every type that a value may have by its schema; empty: the schema does not say. */
const typesOf = (schema: JsonObject | null): Set<string> => {
  if (!schema) return new Set()
  const named = listOf(schema.type).filter((name) => typeof name === 'string')
  const values = [...listOf(schema.enum), ...('const' in schema ? [schema.const ?? null] : [])].map((value) =>
    value === null ? 'null' : typeof value,
  )
  const branches = [...listOf(schema.anyOf), ...listOf(schema.oneOf)].filter(isObject).flatMap((branch) => [...typesOf(branch)])
  return new Set([...named, ...values, ...branches])
}

const jsonOrText = (text: string): JsonValue => {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return text
  }
}

const readValue = (text: string, schema: JsonObject | null): JsonValue => {
  const types = typesOf(schema)
  if (types.has('string') && types.size === 1) return text
  const parsed = jsonOrText(text)
  if (types.has('array') && !Array.isArray(parsed) && !types.has(typeof parsed)) {
    const items = isObject(schema?.items) ? schema.items : null
    return text === '' ? [] : text.split(',').map((part) => readValue(part.trim(), items))
  }
  return parsed
}

const pathOf = (key: string, schema: JsonObject | null): string[] => (propertyOf(schema, key) ? [key] : key.split('.'))

export const parseParameterFlags = ({ flags, schema, readFile }: ParameterFlags): JsonObject => {
  const result: JsonObject = {}
  for (const flag of flags) {
    const equals = flag.indexOf('=')
    if (equals < 1) throw new ParameterFlagError(`"${flag}" is not a parameter. Write -p key=value`)
    const path = pathOf(flag.slice(0, equals), schema)
    if (path.some((part) => part === '' || part === '__proto__'))
      throw new ParameterFlagError(`"${flag.slice(0, equals)}" is not a name of a parameter`)
    let text = flag.slice(equals + 1)
    if (text.startsWith('@@')) text = text.slice(1)
    else if (text.startsWith('@')) {
      try {
        text = readFile(text.slice(1))
      } catch (error) {
        throw new ParameterFlagError(`cannot read the file of "${flag}": ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    let target = result
    let targetSchema = schema
    for (const part of path.slice(0, -1)) {
      const next = target[part]
      const inner: JsonObject = isObject(next) ? next : {}
      target[part] = inner
      target = inner
      targetSchema = propertyOf(targetSchema, part)
    }
    const last = path.at(-1) ?? ''
    target[last] = readValue(text, propertyOf(targetSchema, last))
  }
  return result
}
