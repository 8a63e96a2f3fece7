import { setTimeout as sleep } from 'node:timers/promises'
import { flow, logger, main, task } from '@towline/sdk'
import { z } from 'zod'
import { mark } from '../mark.mjs'

const write = task({
  name: 'write',
  run: async (from: number, to: number, pauseMs: number) => {
    for (let line = from; line <= to; line++) {
      logger.info(`line ${line}`)
      await sleep(pauseMs)
    }
  },
})

/** Marks its start and its end in a file that outlives every process, and writes numbered lines in between. */
export const ledger = flow({
  name: 'ledger',
  parameters: z.object({ file: z.string(), lines: z.int().default(100), pauseMs: z.int().default(100) }),
  run: async ({ file, lines, pauseMs }) => {
    mark(file, 'start')
    const half = Math.floor(lines / 2)
    await write(1, half, pauseMs)
    await write(half + 1, lines, pauseMs)
    mark(file, 'end')
    return { lines }
  },
})

await main(import.meta, ledger)
