import { type AuditEntry, auditFilterSchema } from '@towline/contract/audit'
import type { Page } from '@towline/contract/views'
import { listAudit } from '@towline/engine/audit/list-audit'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'

const input = z
  .strictObject({ filter: auditFilterSchema.default({}), cursor: z.uuid().nullish(), limit: z.int().min(1).max(200).default(50) })
  .prefault({})

/** Who changed what, newest first. */
export const list = workspaceProcedure('audit.read')
  .input(input)
  .query(
    ({ ctx, input }): Promise<Page<AuditEntry>> =>
      listAudit(ctx.engine, { workspaceId: ctx.tenant.id, filter: input.filter, cursor: input.cursor ?? null, limit: input.limit }),
  )
