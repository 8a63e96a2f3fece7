import type { AuditEntry } from '@towline/contract/audit'
import type { LimitRef } from '@towline/contract/limit-views'
import type { Page } from '@towline/contract/views'
import { tenantTransaction } from '@towline/db/transaction'
import { readAudit } from '../audit/list-audit.ts'
import type { EngineContext } from '../context.ts'
import { findLimit } from './find-limit.ts'

type Input = { workspaceId: string; limit: LimitRef; cursor: string | null; count: number }

/** What people and keys changed of a limit, newest first. */
export const limitChanges = async (ctx: EngineContext, { workspaceId, limit, cursor, count }: Input): Promise<Page<AuditEntry>> => {
  const id = await findLimit(ctx.db, { workspaceId, limit })
  return await tenantTransaction(ctx.db, workspaceId, (tx) =>
    readAudit(tx, { workspaceId, filter: {}, cursor, limit: count, of: { kind: 'limit', id } }),
  )
}
