import { nameSchema } from '@towline/contract/ids'
import { type QueueView, queuePrioritySchema } from '@towline/contract/views'
import { createQueue } from '@towline/engine/queues/create-queue'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { byQueue } from './by-queue.ts'

const input = byQueue.extend({ name: nameSchema, priority: queuePrioritySchema.optional(), paused: z.boolean().optional() })

export const create = workspaceProcedure('pools.manage')
  .input(input)
  .mutation(({ ctx, input }): Promise<QueueView> => createQueue(ctx.engine, { workspaceId: ctx.tenant.id, ...input }))
