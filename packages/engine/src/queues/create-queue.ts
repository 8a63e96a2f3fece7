import { AppError } from '@towline/contract/app-error'
import type { QueueView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import { newId } from '@towline/service/new-id'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { findPlace, type QueueName, queueNotFound, queueSubject } from './find-queue.ts'
import { readQueues } from './read-queues.ts'
import insertText from './sql/insert-queue.sql'

type Input = QueueName & { priority?: number; paused?: boolean }

/** What a queue has whose priority nobody chose, `default` among them: between the urgent and what may wait. */
const MIDDLE_PRIORITY = 100

const insert = statement('insert-queue', insertText)

/** One more queue of a pool. Nothing goes there before a deployment names it. */
export const createQueue = async (ctx: EngineContext, input: Input): Promise<QueueView> => {
  const { workspaceId, pool, name, priority = MIDDLE_PRIORITY, paused = false } = input
  const now = ctx.clock.now()
  const queue = await tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const { poolId } = await findPlace(tx, input)
    const { rows } = await tx.query<{ id: string }>({ ...insert, values: [newId(now), workspaceId, poolId, name, priority, paused, now] })
    const [made] = rows
    if (made === undefined) throw new AppError('already_exists', `The work pool ${pool} has a queue ${name} already.`)
    const subject = queueSubject(made.id, input)
    const text = `created the queue ${name} of ${pool} with priority ${priority}`
    await recordChange(ctx, tx, { workspaceId, action: 'queue.create', subject, text, after: { priority, paused } })
    return (await readQueues(tx, { workspaceId, poolId, name }))[0]
  })
  if (queue === undefined) throw queueNotFound(input)
  noticeWorkspace(ctx, workspaceId, 'pools')
  return queue
}
