import { isDeepStrictEqual } from 'node:util'
import type { Facts } from './differing.ts'

const SHORT = 40

const shortText = (value: unknown): string | null => {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return value.length <= SHORT && value !== '' && !value.includes('\n') ? value : null
  if (typeof value === 'object' && 'count' in value && 'windowSeconds' in value) return `${value.count} per ${value.windowSeconds} s`
  return null
}

/** `slots 3 → 2, description`: what differs; long values and secrets by their name alone. */
export const changeText = (before: Facts, after: Facts): string =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isDeepStrictEqual(before[name] ?? null, after[name] ?? null))
    .map((name) => {
      const [from, to] = [shortText(before[name]), shortText(after[name])]
      return from === null || to === null ? name : `${name} ${from} → ${to}`
    })
    .join(', ')
