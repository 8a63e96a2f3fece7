const MAX_NAME = 40

/** What a value is, for a reason in words: `a Date`, `an Invoice`, `undefined`. */
export const kindOf = (value: unknown): string => {
  if (value === undefined || typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`
  const maker = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null)?.constructor?.name
  const name = typeof maker === 'string' && /^[\w$]+$/.test(maker) ? maker.slice(0, MAX_NAME) : 'object without a class'
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`
}
