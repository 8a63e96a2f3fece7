import { randomInt } from 'node:crypto'

/** No vowels (no words), no look-alikes. 20^8 codes, each alive for ten minutes. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'

export const newUserCode = (): string => {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)])
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}

/** As typed by hand: case, spaces and the dash do not matter. */
export const normalizeUserCode = (typed: string): string => {
  const letters = typed.toUpperCase().replace(/[^A-Z]/g, '')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}
