import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import type { Change } from '../audit/record-change.ts'
import { poolNotFound } from '../pools/pool-not-found.ts'
import text from './sql/find-queue.sql'

export type QueueName = { workspaceId: string; pool: string; name: string }

const find = statement('find-queue', text)

export const queueNotFound = ({ pool, name }: QueueName): AppError =>
  new AppError('not_found', `The work pool ${pool} has no queue ${name}. Create it: towline queues create ${name} --pool ${pool}`)

/** As the audit names it. */
export const queueSubject = (id: string, { pool, name }: QueueName): Change['subject'] => ({ kind: 'queue', id, name: `${pool}/${name}` })

/** The id of the pool and of its queue; null where the pool has none of that name. */
export const findPlace = async (tx: Tx, { workspaceId, pool, name }: QueueName): Promise<{ poolId: string; queueId: string | null }> => {
  const { rows } = await tx.query<{ pool_id: string; queue_id: string | null }>({ ...find, values: [workspaceId, pool, name] })
  const row = rows[0]
  if (row === undefined) throw poolNotFound(pool)
  return { poolId: row.pool_id, queueId: row.queue_id }
}

export const findQueue = async (tx: Tx, queue: QueueName): Promise<{ poolId: string; queueId: string }> => {
  const { poolId, queueId } = await findPlace(tx, queue)
  if (queueId === null) throw queueNotFound(queue)
  return { poolId, queueId }
}
