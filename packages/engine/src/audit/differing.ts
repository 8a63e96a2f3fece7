import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '@towline/contract/json'

/** A value that must not be written down: that it was set or changed is told, never what it is. */
class Secret {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}
export const secret = (value: unknown): Secret => new Secret(value)

export type Facts = Readonly<Record<string, unknown>>

const HIDDEN = '(hidden)'
const OTHER = '(hidden, another)'

/** What of two states of a thing differs, fit to be read by those who may read the audit. null when nothing does. */
export const differing = (before: Facts | null, after: Facts | null): { before: JsonObject | null; after: JsonObject | null } | null => {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const changed = names.filter((name) => !isDeepStrictEqual(before?.[name] ?? null, after?.[name] ?? null))
  if (before !== null && after !== null && changed.length === 0) return null
  return {
    before: before && pick(before, changed, () => HIDDEN),
    after: after && pick(after, changed, (name) => (before?.[name] === undefined ? HIDDEN : OTHER)),
  }
}

const pick = (facts: Facts, names: string[], hide: (name: string) => string): JsonObject =>
  Object.fromEntries(
    names
      .filter((name) => facts[name] !== undefined)
      .map((name) => [name, facts[name] instanceof Secret ? hide(name) : (facts[name] as JsonObject[string])]),
  )
