import type { QueueView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { changeText } from '../audit/change-text.ts'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { olderGone } from '../limits/older-gone.ts'
import lockLimitsText from '../limits/sql/lock-limits.sql'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { type RunTransaction, runTransaction } from '../runs/life/run-transaction.ts'
import { findQueue, type QueueName, queueNotFound, queueSubject } from './find-queue.ts'
import { readQueues } from './read-queues.ts'
import findLinesText from './sql/find-lines-of-queue.sql'
import moveText from './sql/move-in-lines.sql'
import updateText from './sql/update-queue.sql'

type Input = QueueName & { priority?: number; paused?: boolean }

const update = statement('update-queue', updateText)
const findLines = statement('find-lines-of-queue', findLinesText)
const lockLimits = statement('lock-limits', lockLimitsText)
const moveInLines = statement('move-in-lines', moveText)

/**
 * What is left out stays as it is. A pause keeps its runs from starting; those that run go on. A new priority counts from the next claim
 * on, and for runs of the queue that stand in the line of a limit: it moves them there.
 */
export const updateQueue = async (ctx: EngineContext, input: Input): Promise<QueueView> => {
  const { workspaceId, name, priority, paused } = input
  const { poolId, queueId, queue } = await runTransaction(ctx, async (work) => {
    await work.send([])
    const { poolId, queueId } = await findQueue(work.tx, input)
    const [updated] = await work.send([{ ...update, values: [workspaceId, queueId, priority ?? null, paused ?? null, work.now] }])
    const [before] = (updated?.rows ?? []) as { priority: number; paused: boolean }[]
    if (before === undefined) throw queueNotFound(input)
    if (priority !== undefined) await moveWaiters(work, { workspaceId, queueId })
    const [queue] = await readQueues(work.tx, { workspaceId, poolId, name })
    const after = { priority: priority ?? before.priority, paused: paused ?? before.paused }
    const switched = paused !== undefined && priority === undefined
    const [action, verb] = !switched
      ? (['queue.change', 'changed'] as const)
      : paused
        ? (['queue.pause', 'paused'] as const)
        : (['queue.resume', 'resumed'] as const)
    const text = `${verb} the queue ${name} of ${input.pool}${switched ? '' : `: ${changeText(before, after)}`}`
    await recordChange(ctx, work.tx, { workspaceId, action, subject: queueSubject(queueId, input), text, before, after })
    return { poolId, queueId, queue }
  })
  if (queue === undefined) throw queueNotFound(input)
  if (priority !== undefined) {
    // A claim under way has read the old priority, and what it writes into a line was not to be seen yet.
    await olderGone(ctx)
    await runTransaction(ctx, async (work) => {
      await work.send([])
      await moveWaiters(work, { workspaceId, queueId })
    })
  }
  ctx.bus.publish('pool', [poolId])
  noticeWorkspace(ctx, workspaceId, 'pools')
  return queue
}

const moveWaiters = async (work: RunTransaction, { workspaceId, queueId }: { workspaceId: string; queueId: string }): Promise<void> => {
  const [lines] = await work.send([{ ...findLines, values: [workspaceId, queueId] }])
  const limitIds = ((lines?.rows ?? []) as { limit_id: string }[]).map((row) => row.limit_id)
  if (limitIds.length === 0) return
  await work.send([{ ...lockLimits, values: [limitIds] }])
  await work.send([{ ...moveInLines, values: [workspaceId, queueId, limitIds] }])
  work.callLater(limitIds)
}
