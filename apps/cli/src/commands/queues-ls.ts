import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { findPool } from '../find-pool.ts'
import { printTable } from '../output/table.ts'

export const run = async ({ options, io }: CommandInput<{ pool: string }>): Promise<void> => {
  const { api } = connect()
  const pool = await findPool(api, options.pool, 'towline queues ls --pool')
  io.json(pool.queues)
  printTable(
    io,
    ['QUEUE', 'PRIORITY', 'WAITING', 'DEPLOYMENTS', ''],
    pool.queues.map((queue) => [
      queue.name,
      String(queue.priority),
      String(queue.waiting),
      String(queue.deployments),
      queue.paused ? 'paused' : '',
    ]),
  )
  if (pool.paused) io.note(`the whole pool is paused; go on with: towline pools resume ${pool.name}`)
}
