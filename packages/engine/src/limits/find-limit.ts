import { AppError } from '@towline/contract/app-error'
import type { LimitKind, LimitRef } from '@towline/contract/limit-views'
import type { Db } from '@towline/db/open-db'
import { statement } from '@towline/db/statement'
import findLimitText from './sql/find-limit.sql'

const find = statement('find-limit', findLimitText)

export type Subject = { kind: LimitKind; poolId: string | null; queueId: string | null; deploymentId: string | null; tag: string | null }
type Row = {
  kind: LimitKind
  pool_id: string | null
  queue_id: string | null
  deployment_id: string | null
  tag: string | null
  limit_id: string | null
}

const missing = (limit: LimitRef): AppError => {
  if ('id' in limit) return new AppError('not_found', 'There is no such limit in this workspace.')
  if (limit.kind === 'queue')
    return new AppError('not_found', `There is no queue ${limit.queue} of a work pool ${limit.pool} in this workspace.`)
  const name =
    limit.kind === 'pool' ? `work pool ${limit.pool}` : limit.kind === 'deployment' ? `deployment ${limit.deployment}` : limit.tag
  return new AppError('not_found', `There is no ${name} in this workspace.`)
}

/** What the reference points at, and the id of its limit; null when it has none. */
export const findSubject = async (
  db: Db,
  { workspaceId, limit }: { workspaceId: string; limit: LimitRef },
): Promise<{ subject: Subject; limitId: string | null }> => {
  const named = 'id' in limit ? null : limit
  const values = [
    workspaceId,
    'id' in limit ? limit.id : null,
    named?.kind ?? null,
    named && 'pool' in named ? named.pool : null,
    named?.kind === 'queue' ? named.queue : null,
    named?.kind === 'deployment' ? named.deployment : null,
    named?.kind === 'tag' ? named.tag : null,
  ]
  const { rows } = await db.enginePool.query<Row>({ ...find, values })
  const row = rows[0]
  if (!row) throw missing(limit)
  const subject = { kind: row.kind, poolId: row.pool_id, queueId: row.queue_id, deploymentId: row.deployment_id, tag: row.tag }
  return { subject, limitId: row.limit_id }
}

export const findLimit = async (db: Db, input: { workspaceId: string; limit: LimitRef }): Promise<string> => {
  const { limitId } = await findSubject(db, input)
  if (limitId === null) throw new AppError('not_found', 'There is no such limit in this workspace.')
  return limitId
}
