/**
 * Which task a value came from. A task's promise and the objects that it resolved to are remembered by identity, so a
 * task that takes them is known to depend on the first, with nothing said by the user. Plain text and numbers have no
 * identity: hand over the promise, or name the task in `dependsOn`.
 */
const origins = new WeakMap<object, string>()

const MAX_DEPTH = 5
const MAX_VALUES = 1000
const MAX_EDGES = 1000

const isTrackable = (value: unknown): value is object => (typeof value === 'object' && value !== null) || typeof value === 'function'

export const rememberOrigin = (value: unknown, key: string): void => {
  if (isTrackable(value) && !origins.has(value)) origins.set(value, key)
}

/** The result itself and what it holds at first sight (`return { rows, cursor }`). */
export const rememberResult = (value: unknown, key: string): void => {
  rememberOrigin(value, key)
  if (!isTrackable(value) || value instanceof Promise) return
  let left = MAX_VALUES
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    if (left-- === 0) return
    rememberOrigin(inner, key)
  }
}

export const originOf = (value: unknown): string | undefined => (isTrackable(value) ? origins.get(value) : undefined)

/** Collects the keys behind `value`, looking into arrays and plain objects a little way. */
export const collectOrigins = (value: unknown, found: Set<string>): void => {
  let budget = MAX_VALUES
  const visit = (inner: unknown, depth: number): void => {
    if (!isTrackable(inner) || found.size >= MAX_EDGES || budget-- <= 0) return
    const origin = origins.get(inner)
    if (origin !== undefined) {
      found.add(origin)
      return
    }
    if (depth === MAX_DEPTH || inner instanceof Promise) return
    if (Array.isArray(inner)) for (const item of inner) visit(item, depth + 1)
    else if (Object.getPrototypeOf(inner) === Object.prototype) for (const item of Object.values(inner)) visit(item, depth + 1)
  }
  visit(value, 0)
}
