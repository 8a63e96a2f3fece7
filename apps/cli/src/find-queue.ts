import type { PoolDetail, QueueView } from '@towline/contract/views'
import { CliError } from './cli-error.ts'
import type { Api } from './client.ts'
import { findPool } from './find-pool.ts'
import { nearest } from './suggest.ts'

/** The queue of that name and its pool; a slip of the finger is answered with the queue that was meant. */
export const findQueue = async (
  api: Api,
  { pool: typedPool, name, command }: { pool: string; name: string; command: string },
): Promise<{ pool: PoolDetail; queue: QueueView }> => {
  const pool = await findPool(api, typedPool, `${command} ${name} --pool`)
  const queue = pool.queues.find((each) => each.name === name)
  if (queue) return { pool, queue }
  const near = nearest(
    name,
    pool.queues.map((each) => each.name),
  )
  throw new CliError(`the work pool ${pool.name} has no queue "${name}"`, {
    remedy: near ? `${command} ${near} --pool ${pool.name}` : `towline queues ls --pool ${pool.name}`,
  })
}
