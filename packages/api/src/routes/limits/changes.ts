import type { AuditEntry } from '@towline/contract/audit'
import type { Page } from '@towline/contract/views'
import { limitChanges } from '@towline/engine/limits/limit-changes'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { byLimit } from './limit-input.ts'

const input = byLimit.extend({ cursor: z.uuid().nullish(), count: z.int().min(1).max(200).default(20) })

/** Who set it to what, and whose slots were taken back and why; newest first. */
export const changes = workspaceProcedure('limits.read')
  .input(input)
  .query(
    ({ ctx, input }): Promise<Page<AuditEntry>> =>
      limitChanges(ctx.engine, { workspaceId: ctx.tenant.id, limit: input.limit, cursor: input.cursor ?? null, count: input.count }),
  )
