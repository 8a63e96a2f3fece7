import { AppError } from '@towline/contract/app-error'
import type { PoolDetail, QueueView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { readPools } from './list-pools.ts'
import { poolSummary } from './pool-row.ts'
import { COUNT_CAP } from './presence.ts'
import queuesText from './sql/list-queues.sql'

type Input = { workspaceId: string; name: string }

const listQueues = statement('list-queues', queuesText)

export const poolNotFound = (name: string): AppError =>
  new AppError('not_found', `There is no work pool ${name} in this workspace. Create one: towline pools create ${name} --type process`)

export const getPool = (ctx: EngineContext, { workspaceId, name }: Input): Promise<PoolDetail> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const [row] = await readPools(tx, { workspaceId, name, now: ctx.clock.now() })
    if (row === undefined) throw poolNotFound(name)
    const { rows: queues } = await tx.query<QueueView>({ ...listQueues, values: [workspaceId, row.id, COUNT_CAP] })
    return { ...poolSummary(row), variables: row.variables, queues }
  })
