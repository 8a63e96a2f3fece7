import type { JsonObject, JsonValue } from '@towline/contract/json'

/** A field of a form, as a JSON schema describes it. What no control fits is `json`: typed as text, never lost. */
export type FieldModel = {
  kind: 'text' | 'longtext' | 'number' | 'integer' | 'boolean' | 'enum' | 'date' | 'datetime' | 'list' | 'object' | 'json'
  title: string
  description: string | null
  default: JsonValue | undefined
  options: JsonValue[]
  fields: NamedField[]
  item: FieldModel | null
  bounds: string | null
}
export type NamedField = { name: string; required: boolean; model: FieldModel }

type Schema = Record<string, unknown>

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const MAX_DEPTH = 6

/** Follows `$ref` inside the document, and looks through `anyOf: [X, null]` and `allOf: [X]`. */
const resolve = (schema: unknown, root: Schema, depth = 0): Schema => {
  if (!isObject(schema) || depth > 10) return {}
  if (typeof schema.$ref === 'string' && schema.$ref.startsWith('#')) {
    let target: unknown = root
    for (const part of schema.$ref.slice(1).split('/').filter(Boolean)) {
      target = isObject(target) ? target[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
    }
    const { $ref: _, ...rest } = schema
    return { ...resolve(target, root, depth + 1), ...rest }
  }
  for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
    const branches = schema[key]
    if (!Array.isArray(branches)) continue
    const real = branches.filter((branch) => !(isObject(branch) && branch.type === 'null'))
    if (real.length === 1) {
      const { [key]: _, ...rest } = schema
      return { ...resolve(real[0], root, depth + 1), ...rest }
    }
    const constants = real.map((branch) => (isObject(branch) && 'const' in branch ? branch.const : undefined))
    if (constants.length > 0 && constants.every((value) => value !== undefined)) return { ...schema, enum: constants }
  }
  return schema
}

const titleOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()

const boundsOf = (schema: Schema): string | null => {
  const [low, high] = [schema.minimum ?? schema.minLength ?? schema.minItems, schema.maximum ?? schema.maxLength ?? schema.maxItems]
  const plain = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
  if (plain(low) && plain(high)) return `${low} to ${high}`
  if (plain(low)) return `at least ${low}`
  return plain(high) ? `at most ${high}` : null
}

const kindOf = (schema: Schema): FieldModel['kind'] => {
  if (Array.isArray(schema.enum)) return 'enum'
  const type = Array.isArray(schema.type) ? schema.type.filter((one) => one !== 'null') : [schema.type]
  if (type.length !== 1) return 'json'
  switch (type[0]) {
    case 'string':
      if (schema.format === 'date') return 'date'
      if (schema.format === 'date-time') return 'datetime'
      return schema.format === 'textarea' || Number(schema.maxLength) > 500 ? 'longtext' : 'text'
    case 'number':
      return 'number'
    case 'integer':
      return 'integer'
    case 'boolean':
      return 'boolean'
    case 'array':
      return isObject(schema.items) ? 'list' : 'json'
    case 'object':
      return isObject(schema.properties) && Object.keys(schema.properties).length > 0 ? 'object' : 'json'
    default:
      return 'json'
  }
}

const fieldModel = (raw: unknown, name: string, root: Schema, depth: number): FieldModel => {
  const schema = resolve(raw, root)
  const kind = depth > MAX_DEPTH ? 'json' : kindOf(schema)
  return {
    kind,
    title: typeof schema.title === 'string' ? schema.title : titleOf(name),
    description: typeof schema.description === 'string' ? schema.description : null,
    default: schema.default as JsonValue | undefined,
    options: kind === 'enum' ? (schema.enum as JsonValue[]).filter((value) => value !== null) : [],
    fields: kind === 'object' ? namedFields(schema, root, depth) : [],
    item: kind === 'list' ? fieldModel(schema.items, name, root, depth + 1) : null,
    bounds: boundsOf(schema),
  }
}

const namedFields = (schema: Schema, root: Schema, depth: number): NamedField[] => {
  const required = Array.isArray(schema.required) ? schema.required : []
  // Required ones first, in the order that the schema lists them: a stored object does not keep the order of its keys.
  const place = (name: string) => (required.includes(name) ? required.indexOf(name) : required.length)
  const entries = Object.entries(isObject(schema.properties) ? schema.properties : {}).sort(([a], [b]) => place(a) - place(b))
  return entries.map(([name, child]) => ({
    name,
    // What has a default may be left out, whatever a generator lists as required.
    required: required.includes(name) && !('default' in resolve(child, root)),
    model: fieldModel(child, name, root, depth + 1),
  }))
}

export const formModel = (schema: JsonObject | null): NamedField[] => (schema ? namedFields(schema, schema, 0) : [])

/** What a form starts with: the schema's defaults under those of the deployment, nested objects field by field. */
export const startValues = (fields: NamedField[], given: JsonObject): JsonObject => {
  const values: JsonObject = {}
  for (const { name, model } of fields) {
    const value = given[name]
    if (model.kind === 'object') {
      const base = isObject(model.default) ? (model.default as JsonObject) : {}
      const nested = startValues(model.fields, { ...base, ...(isObject(value) ? (value as JsonObject) : {}) })
      if (Object.keys(nested).length > 0) values[name] = nested
    } else if (value !== undefined) values[name] = value
    else if (model.default !== undefined) values[name] = model.default
  }
  for (const [name, value] of Object.entries(given)) if (!(name in values)) values[name] = value
  return values
}

/** Required fields that are empty, by path: the one check made before the server's own, because it needs no schema engine. */
export const missingFields = (fields: NamedField[], values: JsonObject, prefix = ''): Map<string, string> => {
  const missing = new Map<string, string>()
  for (const { name, required, model } of fields) {
    const path = prefix ? `${prefix}.${name}` : name
    const value = values[name]
    if (value === undefined || value === null) {
      if (required && model.kind !== 'boolean') missing.set(path, 'This is required.')
    } else if (model.kind === 'object' && isObject(value)) {
      for (const [inner, text] of missingFields(model.fields, value as JsonObject, path)) missing.set(inner, text)
    }
  }
  return missing
}

/** Booleans that nobody touched and that must be there are false: a switch has no third state. */
export const completeValues = (fields: NamedField[], values: JsonObject): JsonObject => {
  const complete: JsonObject = {}
  for (const [name, value] of Object.entries(values)) if (value !== undefined) complete[name] = value
  for (const { name, required, model } of fields) {
    if (model.kind === 'boolean' && required && complete[name] === undefined) complete[name] = false
    const value = complete[name]
    if (model.kind === 'object' && (isObject(value) || required))
      complete[name] = completeValues(model.fields, (isObject(value) ? value : {}) as JsonObject)
  }
  return complete
}
