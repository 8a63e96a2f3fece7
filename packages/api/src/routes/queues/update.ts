import { type QueueView, queuePrioritySchema } from '@towline/contract/views'
import { updateQueue } from '@towline/engine/queues/update-queue'
import { z } from 'zod'
import { requireRole, workspaceProcedure } from '../../trpc.ts'
import { byQueue } from './by-queue.ts'

const input = byQueue.extend({ priority: queuePrioritySchema.optional(), paused: z.boolean().optional() })

/** Pausing is part of running things; the order of the queues is management. */
export const update = workspaceProcedure('pools.pause')
  .input(input)
  .mutation(({ ctx, input }): Promise<QueueView> => {
    if (input.priority !== undefined) requireRole(ctx.tenant, 'pools.manage')
    return updateQueue(ctx.engine, { workspaceId: ctx.tenant.id, ...input })
  })
