import { releaseSlot } from '@towline/engine/limits/release-slot'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { byLimit } from './limit-input.ts'

const input = byLimit.extend({ slotId: z.uuid(), reason: z.string().trim().min(1, 'say why, for those who read it later').max(500) })

/** Frees a slot by stopping whoever holds it: a slot is never taken from somebody who goes on. */
export const release = workspaceProcedure('limits.set')
  .input(input)
  .mutation(
    ({ ctx, input }): Promise<{ runId: string; runName: string }> =>
      releaseSlot(ctx.engine, { workspaceId: ctx.tenant.id, actor: ctx.tenant.actor, ...input }),
  )
