import type { DeploymentSummary } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { type HeldRun, leaveHeld } from '../limits/leave-lines.ts'
import { lookAtLines } from '../limits/look-at-lines.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { deploymentNotFound } from './get-deployment.ts'
import { readDeployments } from './list-deployments.ts'
import holdText from './sql/hold-runs.sql'
import lockText from './sql/lock-deployment.sql'
import pauseText from './sql/pause-deployment.sql'

type Input = { workspaceId: string; name: string; paused?: boolean }

const lock = statement('lock-deployment', lockText)
const pause = statement('pause-deployment', pauseText)
const hold = statement('hold-runs', holdText)

/** Pauses or resumes. Its runs that are due leave the ready set with the pause and come back with the end of it. */
export const updateDeployment = async (ctx: EngineContext, { workspaceId, name, paused }: Input): Promise<DeploymentSummary> => {
  const now = ctx.clock.now()
  const { summary, poolIds, lines } = await tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const [was] = (await tx.query<{ paused: boolean }>({ ...lock, values: [workspaceId, name] })).rows
    const { rows } = await tx.query<{ id: string }>({ ...pause, values: [workspaceId, name, paused ?? null, now] })
    const held =
      paused === undefined || rows[0] === undefined
        ? []
        : (await tx.query<HeldRun & { pool_id: string }>({ ...hold, values: [workspaceId, rows[0].id, paused, now] })).rows
    const [found] = await readDeployments(tx, { workspaceId, name, now })
    if (found === undefined || rows[0] === undefined) throw deploymentNotFound(name)
    if (was !== undefined && paused !== undefined)
      await recordChange(ctx, tx, {
        workspaceId,
        action: paused ? 'deployment.pause' : 'deployment.resume',
        subject: { kind: 'deployment', id: found.id, name },
        text: `${paused ? 'paused' : 'resumed'} the deployment ${name}`,
        before: { paused: was.paused },
        after: { paused },
      })
    const lines = await leaveHeld((query) => tx.query(query), held)
    return { summary: found, poolIds: [...new Set(held.map((run) => run.pool_id))], lines }
  })
  ctx.bus.publish('pool', poolIds)
  await lookAtLines(ctx, lines)
  noticeWorkspace(ctx, workspaceId, 'deployments')
  return summary
}
