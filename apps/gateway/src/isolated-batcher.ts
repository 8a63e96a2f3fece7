import { type Batcher, type BatcherOptions, createBatcher } from '@towline/service/batcher'
import { codeOf } from './failure.ts'

type Outcome<R> = { result: R } | { error: unknown }

/**
 * A batcher whose items come from many tenants: when a flush fails on one item (a value that the database
 * refuses, a fault of ours), its items go again one by one, so that nobody waits for somebody else's bad value. When it is away, the whole flush fails at once.
 */
export const createIsolatedBatcher = <Item, Result>({ maxItems, flush }: BatcherOptions<Item, Result>): Batcher<Item, Result> => {
  const alone = async (item: Item): Promise<Outcome<Result>> => {
    try {
      const [result] = await flush([item])
      return { result: result as Result }
    } catch (error) {
      if (codeOf(error) === 'unavailable') throw error
      return { error }
    }
  }
  const batcher = createBatcher<Item, Outcome<Result>>({
    maxItems,
    flush: async (items) => {
      try {
        return (await flush(items)).map((result) => ({ result }))
      } catch (error) {
        if (codeOf(error) === 'unavailable') throw error
        const outcomes: Outcome<Result>[] = []
        for (const item of items) outcomes.push(await alone(item))
        return outcomes
      }
    },
  })
  return {
    ...batcher,
    add: async (item) => {
      const outcome = await batcher.add(item)
      if ('error' in outcome) throw outcome.error
      return outcome.result
    },
  }
}
