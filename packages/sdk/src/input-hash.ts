import type { Lineage } from './context.ts'
import { kindOf } from './kind-of.ts'

/** The mark of what a task is called with, or why it has none. */
export type InputHash = { hash: string } | { hash: null; notReusable: string }

const MAX_CHARS = 1024 * 1024
const MAX_DEPTH = 200

class Unclear extends Error {}

/** Loaded with the first task that is compared, as a flow without tasks should not wait for it. */
const sha256 = (text: string): string => process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex')

/** JSON with sorted keys, and words that are no JSON for the values which it lacks: two different values never give the same text. */
const canonical = (root: unknown): string => {
  let room = MAX_CHARS
  const parts: string[] = []
  const put = (text: string): void => {
    room -= text.length
    if (room < 0) throw new Unclear('its arguments are larger than 1 MiB')
    parts.push(text)
  }
  const visitObject = (value: object, depth: number): void => {
    if (depth > MAX_DEPTH) throw new Unclear('its arguments are nested too deeply')
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Array.prototype) {
      put('[')
      for (const item of value as unknown[]) {
        visit(item, depth + 1)
        put(',')
      }
      put(']')
    } else if (prototype === Object.prototype || prototype === null) {
      if (Object.getOwnPropertySymbols(value).length > 0) throw new Unclear('its arguments contain a symbol')
      put('{')
      for (const key of Object.keys(value).sort()) {
        put(`${JSON.stringify(key)}:`)
        visit((value as Record<string, unknown>)[key], depth + 1)
        put(',')
      }
      put('}')
    } else if (prototype === Date.prototype) put(`date ${(value as Date).getTime()}`)
    else if (value instanceof Uint8Array) {
      if (value.length > room) throw new Unclear('its arguments are larger than 1 MiB')
      put(`bytes ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}`)
    } else throw new Unclear(`its arguments contain ${kindOf(value)}`)
  }
  const visit = (value: unknown, depth: number): void => {
    if (typeof value === 'string') put(JSON.stringify(value))
    else if (typeof value === 'number') put(Object.is(value, -0) ? '-0' : String(value))
    else if (typeof value === 'bigint') put(`${value}n`)
    else if (value === null || value === undefined || typeof value === 'boolean') put(String(value))
    else if (typeof value === 'object') visitObject(value, depth)
    else throw new Unclear(`its arguments contain ${kindOf(value)}`)
  }
  visit(root, 0)
  return parts.join('')
}

/**
 * The lineage goes into it: a task inside a task often uses what its parent was called with and says so nowhere. The outermost is the
 * run's id, so marks of different runs are not comparable.
 */
export const inputHash = (lineage: Lineage, args: readonly unknown[]): InputHash => {
  if (lineage.inputs === null) return { hash: null, notReusable: 'what the task around it was called with cannot be compared' }
  try {
    return { hash: sha256(`${lineage.inputs}\n${canonical([...args])}`) }
  } catch (error) {
    return { hash: null, notReusable: error instanceof Unclear ? error.message : 'its arguments cannot be read' }
  }
}
