import type { RunBar } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { poolNotFound } from './pool-not-found.ts'
import text from './sql/pool-history.sql'

type Input = { workspaceId: string; name: string }

const history = statement('pool-history', text)

/** The last 50 runs of the pool as bars, newest last. */
export const poolHistory = (ctx: EngineContext, { workspaceId, name }: Input): Promise<RunBar[]> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const { rows } = await tx.query<{ bars: RunBar[] }>({ ...history, values: [workspaceId, name, ctx.clock.now()] })
    if (rows[0] === undefined) throw poolNotFound(name)
    return rows[0].bars.map((bar) => ({ ...bar, at: new Date(bar.at) }))
  })
