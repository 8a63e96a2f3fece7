import pg from 'pg'

const int8 = 20
const date = 1082

/** counts and sums are numbers for us; one that a number cannot hold must not be rounded silently. */
const parseInt8 = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`The bigint ${text} does not fit in a number`)
  return value
}

/**
 * How plain pg reads values here: int8 as a number, a date as its 'YYYY-MM-DD' (pg would make it a moment in the local time zone, a day off
 * for half of the world), the rest as pg does (timestamptz as Date, jsonb parsed, numeric as text). Per pool, as pg's own registry is global.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === int8 && format !== 'binary') return parseInt8
    if (oid === date && format !== 'binary') return (text: string) => text
    return pg.types.getTypeParser(oid, format as 'text')
  }) as typeof pg.types.getTypeParser,
}
