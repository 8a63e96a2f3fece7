import type { Role } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import text from './sql/find-membership.sql'

type Input = { userId: string; slug?: string; workspaceId?: string }
export type FoundMembership = { id: string; slug: string; name: string; role: Role }

const find = statement('find-membership', text)

/** The workspace and the role in it, by slug or id; null for strangers, who cannot tell it from one that does not exist. */
export const findMembership = async (ctx: EngineContext, { userId, slug, workspaceId }: Input): Promise<FoundMembership | null> => {
  const { rows } = await ctx.db.enginePool.query<FoundMembership>({ ...find, values: [userId, slug ?? null, workspaceId ?? null] })
  return rows[0] ?? null
}
