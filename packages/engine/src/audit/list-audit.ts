import { type AuditEntry, type AuditFilter, auditEntrySchema } from '@towline/contract/audit'
import type { Page } from '@towline/contract/views'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import listText from './sql/list-audit.sql'

type Input = { workspaceId: string; filter: AuditFilter; cursor: string | null; limit: number }
/** One thing, by its id: found through an index. */
type Subject = { kind: string; id: string }

/** Names have no index: a page looks at so many entries for them, and the next page goes on from there. */
const LOOKED_AT = 20_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Newest first, paged by id. A page of a rare name may hold few entries, or none, and still have a next one. */
export const listAudit = (ctx: EngineContext, input: Input): Promise<Page<AuditEntry>> =>
  tenantTransaction(ctx.db, input.workspaceId, (tx) => readAudit(tx, input))

export const readAudit = async (tx: Tx, input: Input & { of?: Subject }): Promise<Page<AuditEntry>> => {
  const { workspaceId, filter, cursor, limit, of } = input
  const { actor, action, subject } = filter
  const values = [
    workspaceId,
    cursor,
    patternOf(actor),
    idOf(actor),
    action?.includes('.') ? action : null,
    action === undefined || action.includes('.') ? null : action,
    patternOf(subject),
    of?.id ?? idOf(subject),
    of?.kind ?? null,
    (actor ?? action ?? subject) === undefined ? limit + 1 : LOOKED_AT,
    limit + 1,
  ]
  // Without a name the statement is planned for its values: a filter that is not there costs nothing.
  const { rows } = await tx.query<{ entries: Row[]; looked_to: string | null }>({ text: listText, values })
  const { entries = [], looked_to = null } = rows[0] ?? {}
  const items = entries.slice(0, limit).map(entryOf)
  return { items, next: entries.length > limit ? (items.at(-1)?.id ?? null) : looked_to }
}

const patternOf = (text: string | undefined): string | null => (text ? `%${text.replace(/[\\%_]/g, '\\$&')}%` : null)
const idOf = (text: string | undefined): string | null => (text && UUID.test(text) ? text : null)

type Row = {
  id: string
  at: string
  actor_kind: string
  actor_id: string
  actor_name: string
  action: string
  subject_kind: string
  subject_id: string
  subject_name: string
  text: string
  before: unknown
  after: unknown
  reason: string | null
}

const entryOf = (row: Row): AuditEntry => {
  const { id, at, action, text, before, after, reason } = row
  const actor = { kind: row.actor_kind, id: row.actor_id, name: row.actor_name }
  const subject = { kind: row.subject_kind, id: row.subject_id, name: row.subject_name }
  return auditEntrySchema.parse({ id, at, actor, action, subject, text, before, after, reason })
}
