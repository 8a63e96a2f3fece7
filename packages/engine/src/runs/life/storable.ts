import type { JsonValue } from '@towline/contract/json'

const UNPAIRED = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** PostgreSQL stores no NUL character and no half of a surrogate pair; user code prints both now and then. */
export const storableText = (text: string): string => text.replaceAll('\0', '\uFFFD').replace(UNPAIRED, '\uFFFD')

/** JSON text that jsonb takes. */
export const storableJson = (value: unknown): string => {
  const text = JSON.stringify(value)
  return /\\u(0000|d[89a-f])/i.test(text) ? JSON.stringify(clean(value as JsonValue)) : text
}

const clean = (value: JsonValue): JsonValue => {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(clean)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [storableText(key), clean(one)]))
}
