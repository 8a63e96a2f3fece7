import { AppError } from '@towline/contract/app-error'
import type { Collision, LimitKind, LimitView } from '@towline/contract/limit-views'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import listLimitsText from './sql/list-limits.sql'

const list = statement('list-limits', listLimitsText)

type Row = {
  id: string
  kind: LimitKind
  name: string
  subject_id: string | null
  slots: number | null
  rate_count: number | null
  rate_window_seconds: number | null
  collision: Collision
  description: string
  used: number
  holding: number
  waiting: number
  created_at: Date
  updated_at: Date
  created_by: string
}

const viewOf = (row: Row): LimitView => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  subjectId: row.subject_id,
  slots: row.slots,
  rate:
    row.rate_count === null || row.rate_window_seconds === null ? null : { count: row.rate_count, windowSeconds: row.rate_window_seconds },
  collision: row.collision,
  description: row.description,
  used: row.used,
  holding: row.holding,
  waiting: row.waiting,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  createdBy: row.created_by,
})

type Wanted = { workspaceId: string; limitId?: string; kind?: LimitKind | undefined }

export const readLimits = async (tx: Tx, { workspaceId, limitId, kind }: Wanted): Promise<LimitView[]> =>
  (await tx.query<Row>({ ...list, values: [workspaceId, limitId ?? null, kind ?? null] })).rows.map(viewOf)

/** Pools, queues, deployments, then tags, each by name. */
export const listLimits = (ctx: EngineContext, input: { workspaceId: string; kind?: LimitKind | undefined }): Promise<LimitView[]> =>
  tenantTransaction(ctx.db, input.workspaceId, (tx) => readLimits(tx, input))

export const readLimit = async (
  ctx: EngineContext,
  { workspaceId, limitId }: { workspaceId: string; limitId: string },
): Promise<LimitView> => {
  const [limit] = await tenantTransaction(ctx.db, workspaceId, (tx) => readLimits(tx, { workspaceId, limitId }))
  if (!limit) throw new AppError('not_found', 'There is no such limit in this workspace.')
  return limit
}
