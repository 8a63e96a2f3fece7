import { AppError } from '@towline/contract/app-error'
import type { CreatedKeyView } from '@towline/contract/views'
import { createKey } from '@towline/engine/keys/create-key'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'

const input = z.strictObject({
  kind: z.enum(['user', 'agent']),
  name: z.string().trim().min(1, 'a key has a name').max(120),
  /** Agent keys serve one pool. */
  pool: z.string().max(200).optional(),
  expiresInDays: z.int().min(1).max(3650).optional(),
})

export const create = workspaceProcedure('keys.manage')
  .input(input)
  .mutation(({ ctx, input }): Promise<CreatedKeyView> => {
    const { kind, pool, name, expiresInDays } = input
    const common = { workspaceId: ctx.tenant.id, name, expiresInDays: expiresInDays ?? null }
    if (kind === 'user') {
      if (pool !== undefined) throw new AppError('invalid_input', 'A user key reaches the whole workspace: leave the pool out.')
      return createKey(ctx.engine, { ...common, kind, userId: ctx.tenant.userId })
    }
    if (pool === undefined) throw new AppError('invalid_input', 'Say which pool the agents of this key serve.')
    return createKey(ctx.engine, { ...common, kind, pool, userId: ctx.tenant.userId })
  })
