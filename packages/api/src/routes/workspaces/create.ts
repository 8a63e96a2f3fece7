import { AppError } from '@towline/contract/app-error'
import type { WorkspaceView } from '@towline/contract/views'
import { createWorkspace } from '@towline/engine/workspaces/create-workspace'
import { z } from 'zod'
import { signedInProcedure } from '../../trpc.ts'

const input = z.strictObject({
  name: z.string().trim().min(1, 'a workspace has a name').max(80),
  slug: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/, 'use lower-case letters, digits and dashes, at most 48')
    .optional(),
})

export const create = signedInProcedure.input(input).mutation(async ({ ctx, input }): Promise<WorkspaceView> => {
  if (ctx.caller.kind === 'key') throw new AppError('forbidden', 'A key belongs to one workspace. Create another one in the dashboard.')
  return createWorkspace(ctx.engine, { ...input, userId: ctx.caller.user.id })
})
