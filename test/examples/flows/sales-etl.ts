import { context, flow, logger, main, NonRetryableError, sleep, task } from '@towline/sdk'
import { z } from 'zod'

interface Order {
  id: string
  region: string
  day: number
  cents: number
  currency: string
}

/** The same orders for the same region and day, so that a second run can be compared with the first. */
const ordersOf = (region: string, day: number): Order[] => {
  let state = [...`${region}/${day}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2_147_483_647, 7)
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  return Array.from({ length: 40 + next(40) }, (_, index) => ({
    id: `${region}-${day}-${index}`,
    region,
    day,
    cents: 500 + next(20_000),
    currency: region === 'uk' ? 'GBP' : region === 'us' ? 'USD' : 'EUR',
  }))
}

const fetchRates = task({
  name: 'fetch-rates',
  retries: 3,
  retryDelaySeconds: [0.4, 0.8, 1.6],
  timeoutSeconds: 10,
  run: async () => {
    await sleep(0.3)
    // The partner's service is known to fail its first call of the day.
    if (context().task?.try === 1) throw new Error('503 from rates.example: warming up')
    return { EUR: 1, GBP: 1.17, USD: 0.92 } as Record<string, number>
  },
})

const extract = task({
  name: 'extract',
  tags: ['warehouse'],
  run: async (region: string, days: number) => {
    const orders: Order[] = []
    for (let day = 1; day <= days; day++) {
      await sleep(0.08)
      orders.push(...ordersOf(region, day))
    }
    logger.info(`extracted ${orders.length} orders`, { region, days })
    return orders
  },
})

const convert = task({
  name: 'convert',
  run: async (orders: Order[], rates: Record<string, number>) =>
    orders.map((order) => {
      const rate = rates[order.currency]
      if (rate === undefined) throw new NonRetryableError(`there is no rate for ${order.currency}`)
      return { ...order, cents: Math.round(order.cents * rate), currency: 'EUR' }
    }),
})

const load = task({
  name: 'load',
  tags: ['warehouse'],
  timeoutSeconds: 30,
  run: async (parts: Order[][]) => {
    const orders = parts.flat()
    const seen = new Set(orders.map(({ id }) => id))
    if (seen.size !== orders.length) logger.warn('orders came twice', { doubled: orders.length - seen.size })
    for (let done = 0; done < orders.length; done += 250) {
      await sleep(0.1)
      logger.debug('wrote a batch', { rows: Math.min(250, orders.length - done) })
    }
    return { rows: orders.length, revenueEur: orders.reduce((sum, { cents }) => sum + cents, 0) / 100 }
  },
})

export const salesEtl = flow({
  name: 'sales-etl',
  description: 'Orders of all regions, converted to euro and loaded into the warehouse',
  parameters: z.object({
    regions: z
      .array(z.enum(['de', 'fr', 'uk', 'us']))
      .min(1)
      .default(['de', 'fr', 'uk', 'us'])
      .describe('Shops to read'),
    days: z.int().min(1).max(30).default(7).describe('Days back from today'),
  }),
  timeoutSeconds: 300,
  run: async ({ regions, days }) => {
    logger.info('starting', { regions: regions.length, days })
    const rates = fetchRates()
    const parts = regions.map((region) => convert(extract(region, days), rates))
    const loaded = await load(parts)
    logger.info('loaded', loaded)
    return loaded
  },
})

await main(import.meta, salesEtl)
