import type { AuditAction, AuditSubjectKind } from '@towline/contract/audit'
import type { JsonObject } from '@towline/contract/json'
import { statement } from '@towline/db/statement'
import type { PrismaTx } from '@towline/db/tenant-prisma'
import type { Tx } from '@towline/db/transaction'
import { newId } from '@towline/service/new-id'
import type { EngineContext } from '../context.ts'
import { storableJson, storableText } from '../runs/life/storable.ts'
import { differing, type Facts } from './differing.ts'
import insertText from './sql/insert-audit-entry.sql'

const insert = statement('insert-audit-entry', insertText)

export type Change = {
  workspaceId: string
  action: AuditAction
  subject: { kind: AuditSubjectKind; id: string; name: string }
  /** Goes on from the name of whoever did it: `paused the work pool blue`. */
  text: string
  /** The thing before and after; only what differs is kept. Both given and nothing differs: there was no change, and no entry is made. */
  before?: Facts | null
  after?: Facts | null
  reason?: string
}

/**
 * Writes down who changed what, inside the transaction that changes it: neither is there without the other. What the control plane does by
 * itself (`ctx.by` is not set) leaves no entry.
 */
export const recordChange = async (ctx: EngineContext, tx: Tx | PrismaTx, change: Change): Promise<void> => {
  const { by } = ctx
  if (by === undefined) return
  const { workspaceId, action, subject, text, before = null, after = null, reason = null } = change
  const detail = differing(before, after)
  if (detail === null) return
  const at = ctx.clock.now()
  const entry = {
    id: newId(at),
    workspaceId,
    at,
    actorKind: by.kind,
    actorId: by.id,
    actorName: storableText(by.name),
    action,
    subjectKind: subject.kind,
    subjectId: subject.id,
    subjectName: storableText(subject.name),
    text: storableText(text),
    before: detail.before === null ? null : storableJson(detail.before),
    after: detail.after === null ? null : storableJson(detail.after),
    reason: reason === null ? null : storableText(reason),
  }
  if (!('auditEntry' in tx)) await tx.query({ ...insert, values: Object.values(entry) })
  else await tx.auditEntry.create({ data: { ...entry, before: jsonOf(entry.before), after: jsonOf(entry.after) } })
}

/** Undefined: Prisma leaves the column NULL. */
const jsonOf = (text: string | null): JsonObject | undefined => (text === null ? undefined : (JSON.parse(text) as JsonObject))
