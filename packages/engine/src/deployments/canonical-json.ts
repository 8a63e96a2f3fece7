import type { JsonValue } from '@towline/contract/json'

/** JSON with sorted keys and without absent values: two objects that mean the same have the same text, whoever wrote them. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value as JsonValue))

const sorted = (value: JsonValue): JsonValue => {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.flatMap((key) => (value[key] === undefined ? [] : [[key, sorted(value[key] as JsonValue)]])))
}
