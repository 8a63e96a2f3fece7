import type { AgentView } from '@towline/contract/views'
import { listAgents } from '@towline/engine/pools/list-agents'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'

export const list = workspaceProcedure('agents.read')
  .input(z.strictObject({ pool: z.string().max(200).optional() }).default({}))
  .query(({ ctx, input }): Promise<AgentView[]> => listAgents(ctx.engine, { workspaceId: ctx.tenant.id, pool: input.pool ?? null }))
