import type { OverviewView, RunSummary } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { readPools } from '../pools/list-pools.ts'
import { poolSummary } from '../pools/pool-row.ts'
import { COUNT_CAP } from '../pools/presence.ts'
import { readRunSummaries } from '../run-views/read-run-summaries.ts'
import text from './sql/get-overview.sql'

type Row = {
  running: number
  waiting: number
  late: number
  failed: number
  completed: number
  problem_ids: string[]
  running_ids: string[]
  upcoming_ids: string[]
}

const DAY_MS = 86_400_000
const read = statement('get-overview', text)

/** Is everything all right? Counts stop at the cap, and "24 h" means runs that were created in that time: their ids say so. */
export const getOverview = (ctx: EngineContext, { workspaceId }: { workspaceId: string }): Promise<OverviewView> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const now = ctx.clock.now()
    const since = firstIdAt(new Date(now.getTime() - DAY_MS))
    const row = (await tx.query<Row>({ ...read, values: [workspaceId, since, now, COUNT_CAP] })).rows[0]
    if (row === undefined) throw new Error('get-overview gave no row')
    const ids = [...new Set([...row.problem_ids, ...row.running_ids, ...row.upcoming_ids])]
    const runs = new Map((await readRunSummaries(tx, { workspaceId, ids, now })).map((run) => [run.id, run]))
    const pick = (wanted: string[]): RunSummary[] => wanted.flatMap((id) => runs.get(id) ?? [])
    const pools = await readPools(tx, { workspaceId, name: null, now })
    return {
      counts: { running: row.running, waiting: row.waiting, late: row.late, failed24h: row.failed, completed24h: row.completed },
      problems: pick(row.problem_ids),
      running: pick(row.running_ids),
      poolsWithoutAgents: pools.filter((pool) => pool.agents_online === 0).map(poolSummary),
      upcoming: pick(row.upcoming_ids),
    }
  })

/** The smallest UUIDv7 of a moment. */
const firstIdAt = (at: Date): string => {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
