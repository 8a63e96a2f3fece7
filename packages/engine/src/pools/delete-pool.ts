import { AppError } from '@towline/contract/app-error'
import type { JobVariables } from '@towline/contract/run-spec'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { poolFacts } from './pool-facts.ts'
import { poolNotFound } from './pool-not-found.ts'
import deleteText from './sql/delete-pool.sql'
import lockText from './sql/lock-pool.sql'
import useText from './sql/read-pool-use.sql'

const lock = statement('lock-pool', lockText)
const readUse = statement('read-pool-use', useText)
const remove = statement('delete-pool', deleteText)

type Input = { workspaceId: string; name: string }
type Pool = { id: string; type: string; description: string; variables: JobVariables }
type Use = { deployments: string[]; runs: string[]; keys: string[] }

/** How many names a refusal tells. */
const SHOWN = 5
const named = (names: readonly string[]): string => `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ' and more' : ''}`

/**
 * Takes its queues, agents and agent keys with it, so it is refused while a deployment sends runs there, or a run of it has not ended whose
 * deployment uses another pool by now. Runs that have ended stay.
 */
export const deletePool = async (ctx: EngineContext, { workspaceId, name }: Input): Promise<void> => {
  const { id, keys } = await tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const pool = (await tx.query<Pool>({ ...lock, values: [workspaceId, name] })).rows[0]
    if (pool === undefined) throw poolNotFound(name)
    const { id, type, description, variables } = pool
    // A statement of its own, because its snapshot must be younger than the wait for the locks.
    const { rows } = await tx.query<Use>({ ...readUse, values: [workspaceId, id, SHOWN + 1] })
    const { deployments = [], runs = [], keys = [] } = rows[0] ?? {}
    if (deployments.length > 0)
      throw new AppError(
        'conflict',
        `Deployments use this pool: ${named(deployments)}. Delete them or register them with another pool first.`,
      )
    if (runs.length > 0)
      throw new AppError('conflict', `Runs of this pool have not ended: ${named(runs)}. Cancel them or let them end first.`)
    await tx.query({ ...remove, values: [workspaceId, id] })
    const subject = { kind: 'pool' as const, id, name }
    const text = `deleted the work pool ${name} with its queues and agent keys`
    const before = { type, ...poolFacts({ description, variables }) }
    await recordChange(ctx, tx, { workspaceId, action: 'pool.delete', subject, text, before })
    return { id, keys }
  })
  ctx.bus.publish('pool', [id])
  if (keys.length > 0) ctx.bus.publish('key', keys)
  noticeWorkspace(ctx, workspaceId, 'pools', 'agents')
}
