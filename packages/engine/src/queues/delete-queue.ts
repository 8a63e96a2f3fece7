import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { findQueue, type QueueName, queueNotFound, queueSubject } from './find-queue.ts'
import deleteText from './sql/delete-queue.sql'
import lockText from './sql/lock-queue.sql'
import useText from './sql/read-queue-use.sql'

const lock = statement('lock-queue', lockText)
const readUse = statement('read-queue-use', useText)
const remove = statement('delete-queue', deleteText)

/** How many names a refusal tells. */
const SHOWN = 5
const named = (names: readonly string[]): string => `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ' and more' : ''}`

/**
 * Takes its limit with it. Refused while a deployment sends runs there or a run of it has not ended, as it could come back and nobody would
 * ever take it. Runs that have ended stay; one of them that is retried goes to the queue `default`.
 */
export const deleteQueue = async (ctx: EngineContext, input: QueueName): Promise<void> => {
  const { workspaceId, pool, name } = input
  const poolId = await tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const { poolId, queueId } = await findQueue(tx, input)
    if (name === 'default') throw new AppError('conflict', 'Every pool has the queue default. It cannot be deleted; pause it instead.')
    const { rows: locked } = await tx.query({ ...lock, values: [workspaceId, queueId] })
    if (locked.length === 0) throw queueNotFound(input)
    // A statement of its own, because its snapshot must be younger than the wait for the lock.
    const { rows } = await tx.query<{ deployments: string[]; runs: string[] }>({ ...readUse, values: [workspaceId, queueId, SHOWN + 1] })
    const { deployments = [], runs = [] } = rows[0] ?? {}
    if (deployments.length > 0)
      throw new AppError(
        'conflict',
        `Deployments use the queue ${name} of ${pool}: ${named(deployments)}. Delete them or register them with another queue first.`,
      )
    if (runs.length > 0)
      throw new AppError(
        'conflict',
        `Runs of the queue ${name} of ${pool} have not ended: ${named(runs)}. Cancel them or let them end first.`,
      )
    const subject = queueSubject(queueId, input)
    await recordChange(ctx, tx, { workspaceId, action: 'queue.delete', subject, text: `deleted the queue ${name} of ${pool}` })
    await tx.query({ ...remove, values: [workspaceId, queueId] })
    return poolId
  })
  ctx.bus.publish('pool', [poolId])
  noticeWorkspace(ctx, workspaceId, 'pools', 'limits')
}
