import { flow, logger, main, sleep, task } from '@towline/sdk'
import { z } from 'zod'

const greet = task({
  name: 'greet',
  run: async (name: string) => {
    await sleep(0.3)
    logger.info(`Hello, ${name}`)
    return { name, letters: name.length }
  },
})

const count = task({
  name: 'count-letters',
  run: async (greetings: { letters: number }[]) => ({
    people: greetings.length,
    letters: greetings.reduce((sum, { letters }) => sum + letters, 0),
  }),
})

export const hello = flow({
  name: 'hello',
  description: 'Greets some people in parallel and counts their letters',
  parameters: z.object({
    names: z.array(z.string().min(1)).min(1).max(50).default(['Ada', 'Grace', 'Katherine']).describe('Whom to greet'),
  }),
  run: async ({ names }) => {
    const counted = await count(names.map((name) => greet(name)))
    logger.info('everybody was greeted', counted)
    return counted
  },
})

await main(import.meta, hello)
