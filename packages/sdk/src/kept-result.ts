import { kindOf } from './kind-of.ts'
import { MAX_VALUE_BYTES } from './wire.ts'

/** `json` of what a task returned (undefined: nothing), or why a later attempt could not have the very same value back. */
export type KeptResult = { json: string | undefined } | { notReusable: string }

const MAX_DEPTH = 200
const TOO_LARGE = `its result is larger than ${MAX_VALUE_BYTES / 1024} KiB`

class Unkept extends Error {}

const lost = (value: unknown): Unkept => new Unkept(`its result contains ${Object.is(value, -0) ? '-0' : kindOf(value)}`)

const checkNumber = (value: number): void => {
  if (!Number.isFinite(value) || Object.is(value, -0)) throw lost(value)
}

/** Its keys, when it is a plain list or object with nothing that JSON leaves out. */
const plainKeys = (value: object): string[] => {
  const isList = Array.isArray(value)
  if (Object.getPrototypeOf(value) !== (isList ? Array.prototype : Object.prototype)) throw lost(value)
  const keys = Object.keys(value)
  if (Reflect.ownKeys(value).length !== keys.length + (isList ? 1 : 0)) throw new Unkept('its result contains hidden properties')
  if (isList && keys.length !== value.length) throw new Unkept('its result contains an irregular list')
  return keys
}

/** Is it the same after a trip through JSON, not only like it? A Date would come back as text, `undefined` not at all. */
const check = (result: unknown): void => {
  // Each value takes a character at least: a huge result is found out before all of it was seen.
  let room = MAX_VALUE_BYTES
  const visit = (value: unknown, depth: number): void => {
    room -= typeof value === 'string' ? value.length : 1
    if (room < 0) throw new Unkept(TOO_LARGE)
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return
    if (typeof value === 'number') {
      checkNumber(value)
      return
    }
    if (typeof value !== 'object') throw lost(value)
    // Naming the keys of ten million numbers would take seconds.
    if (Array.isArray(value) && value.length > room) throw new Unkept(TOO_LARGE)
    if (depth > MAX_DEPTH) throw new Unkept('its result is nested too deeply')
    for (const key of plainKeys(value)) visit((value as Record<string, unknown>)[key], depth + 1)
  }
  visit(result, 0)
}

export const keptResult = (result: unknown): KeptResult => {
  if (result === undefined) return { json: undefined }
  try {
    check(result)
  } catch (error) {
    // What a getter of the user's throws is no reason to fail a task that has ended well.
    return { notReusable: error instanceof Unkept ? error.message : 'its result cannot be read' }
  }
  const json = JSON.stringify(result)
  return Buffer.byteLength(json) > MAX_VALUE_BYTES ? { notReusable: TOO_LARGE } : { json }
}
