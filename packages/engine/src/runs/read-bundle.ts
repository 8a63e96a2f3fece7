import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import readBundleText from './sql/read-bundle.sql'

const read = statement('read-bundle', readBundleText)

/** The code that the run's version carries. */
export const readBundle = async (
  ctx: EngineContext,
  { workspaceId, runId }: { workspaceId: string; runId: string },
): Promise<{ content: Buffer; sha256: string }> => {
  const { rows } = await ctx.db.enginePool.query<{ sha256: string | null; content: Buffer | null }>({
    ...read,
    values: [workspaceId, runId],
  })
  const row = rows[0]
  if (!row) throw new AppError('not_found', 'There is no such run in this workspace.')
  if (row.sha256 === null)
    throw new AppError('not_found', 'The deployment of this run carries no bundle: its code is an image or a command.')
  if (row.content === null)
    throw new AppError('not_found', `The bundle ${row.sha256.slice(0, 12)} is not stored. Deploy again to upload it.`)
  return { content: row.content, sha256: row.sha256 }
}
