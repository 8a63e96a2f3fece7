import type { Weights } from './slots.ts'

/** Every tag with what is taken of its limit: 1, where nothing else is said. */
export const weightsOf = (what: string, tags: readonly string[], said: Weights = {}): Weights => {
  for (const [tag, weight] of Object.entries(said))
    if (!Number.isInteger(weight) || weight < 1)
      throw new TypeError(`the weight of ${tag} of ${what} is a whole number from 1, not ${weight}`)
  return { ...Object.fromEntries(tags.map((tag) => [tag, 1])), ...said }
}
