import { z } from 'zod'
import { jsonObjectSchema } from './json.ts'

/**
 * What people and keys changed. `audit.list({filter, cursor, limit}) -> Page<AuditEntry>` [admin]; `limits.changes({limit, cursor, count})` [viewer]
 * shows those of one limit. Newest first.
 */
export const ACTOR_KINDS = ['person', 'key'] as const
export const actorSchema = z.object({
  kind: z.enum(ACTOR_KINDS),
  /** The user or the key. */
  id: z.uuid(),
  /** Of a key: its person, with the name of the key in brackets. */
  name: z.string(),
})
export type Actor = z.infer<typeof actorSchema>

/** noun.verb: what was changed, and how. */
export const AUDIT_ACTIONS = [
  'limit.create',
  'limit.change',
  'limit.delete',
  'limit.release',
  'pool.create',
  'pool.change',
  'pool.pause',
  'pool.resume',
  'pool.delete',
  'queue.create',
  'queue.change',
  'queue.pause',
  'queue.resume',
  'queue.delete',
  'deployment.register',
  'deployment.pause',
  'deployment.resume',
  'deployment.delete',
  'run.cancel',
  'run.retry',
  'key.create',
  'key.revoke',
  'login.approve',
  'workspace.create',
  'workspace.change',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export const AUDIT_SUBJECTS = ['limit', 'pool', 'queue', 'deployment', 'run', 'key', 'login', 'workspace'] as const
export type AuditSubjectKind = (typeof AUDIT_SUBJECTS)[number]

/** How long an entry is kept. */
export const AUDIT_KEPT_DAYS = 365

export const auditFilterSchema = z.strictObject({
  /** Part of the name, or the id of a user or key. */
  actor: z.string().trim().min(1).max(200).optional(),
  /** `limit.change`, or `limit` for all that happened to limits. */
  action: z
    .string()
    .regex(/^[a-z]+(\.[a-z-]+)?$/, 'an action is a noun, or noun.verb')
    .max(60)
    .optional(),
  /** Part of `kind:name` (`pool:blue`, `blue`), or the id. Of limits `limit:tag:db`, `limit:pool:blue`. */
  subject: z.string().trim().min(1).max(200).optional(),
})
export type AuditFilter = z.infer<typeof auditFilterSchema>

export const auditEntrySchema = z.object({
  id: z.uuid(),
  at: z.coerce.date(),
  actor: actorSchema,
  /** One of AUDIT_ACTIONS; open, so that an older reader shows what a newer server wrote. */
  action: z.string(),
  /** It may be gone by now, or have another name. */
  subject: z.object({ kind: z.string(), id: z.uuid(), name: z.string() }),
  /** Goes on from the name of the actor: `lowered the limit of the tag db: slots 3 → 2`. */
  text: z.string(),
  /** What differs, by name: before and after the change. null: there was nothing before, or there is nothing any more. */
  before: jsonObjectSchema.nullable(),
  after: jsonObjectSchema.nullable(),
  reason: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>
