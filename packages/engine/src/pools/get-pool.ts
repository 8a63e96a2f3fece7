import type { PoolDetail } from '@towline/contract/views'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { readQueues } from '../queues/read-queues.ts'
import { readPools } from './list-pools.ts'
import { poolNotFound } from './pool-not-found.ts'
import { poolSummary } from './pool-row.ts'

type Input = { workspaceId: string; name: string }

export const getPool = (ctx: EngineContext, { workspaceId, name }: Input): Promise<PoolDetail> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const [row] = await readPools(tx, { workspaceId, name, now: ctx.clock.now() })
    if (row === undefined) throw poolNotFound(name)
    const queues = await readQueues(tx, { workspaceId, poolId: row.id, name: null })
    return { ...poolSummary(row), variables: row.variables, queues }
  })
