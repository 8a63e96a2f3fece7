import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { deploymentNotFound } from './get-deployment.ts'
import deleteText from './sql/delete-deployment.sql'
import findLiveText from './sql/find-live-run.sql'
import lockText from './sql/lock-deployment.sql'

type Input = { workspaceId: string; name: string }

const lock = statement('lock-deployment', lockText)
const findLive = statement('find-live-run', findLiveText)
const remove = statement('delete-deployment', deleteText)

/** Takes its versions and its runs with it, so it is refused while a run has not ended. */
export const deleteDeployment = async (ctx: EngineContext, { workspaceId, name }: Input): Promise<void> => {
  await tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const { rows } = await tx.query<{ id: string }>({ ...lock, values: [workspaceId, name] })
    const row = rows[0]
    if (row === undefined) throw deploymentNotFound(name)
    // A second statement, because the first one's snapshot is older than its lock.
    const live = (await tx.query<{ name: string }>({ ...findLive, values: [workspaceId, row.id] })).rows[0]
    if (live !== undefined)
      throw new AppError('conflict', `The run ${live.name} of ${name} has not ended. Cancel what is waiting or running first.`)
    const subject = { kind: 'deployment' as const, id: row.id, name }
    const text = `deleted the deployment ${name} with its versions and runs`
    await recordChange(ctx, tx, { workspaceId, action: 'deployment.delete', subject, text })
    await tx.query({ ...remove, values: [workspaceId, row.id] })
  })
  noticeWorkspace(ctx, workspaceId, 'deployments', 'runs')
}
