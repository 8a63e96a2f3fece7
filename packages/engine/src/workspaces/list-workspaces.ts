import type { WorkspaceView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import text from './sql/list-workspaces.sql'

const list = statement('list-workspaces', text)

/** The workspaces of a person, by name. */
export const listWorkspaces = async (ctx: EngineContext, { userId }: { userId: string }): Promise<WorkspaceView[]> => {
  const { rows } = await ctx.db.enginePool.query<WorkspaceView>({ ...list, values: [userId] })
  return rows
}
