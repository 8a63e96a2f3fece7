import type { Page, RunFilter, RunSummary } from '@towline/contract/views'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { expandStates } from './expand-states.ts'
import { readRunSummaries } from './read-run-summaries.ts'
import idsText from './sql/list-run-ids.sql'
import idsByStateText from './sql/list-run-ids-by-state.sql'

type Input = { workspaceId: string; filter: RunFilter; cursor: string | null; limit: number }

/** A search by name has no index: it looks at so many runs per page, and the next page goes on from there. */
const SEARCHED_RUNS = 20_000

/** Newest first, paged by id. A page of a search may hold few runs, or none, and still have a next one. */
export const listRuns = (ctx: EngineContext, { workspaceId, filter, cursor, limit }: Input): Promise<Page<RunSummary>> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const { ids, next } = await findIds(tx, { workspaceId, filter, cursor, limit })
    return { items: await readRunSummaries(tx, { workspaceId, ids, now: ctx.clock.now() }), next }
  })

export const findIds = async (tx: Tx, { workspaceId, filter, cursor, limit }: Input): Promise<{ ids: string[]; next: string | null }> => {
  const search = filter.search?.trim() ? `%${filter.search.trim().replace(/[\\%_]/g, '\\$&')}%` : null
  const looked = search === null ? limit + 1 : SEARCHED_RUNS
  const values: unknown[] = [
    workspaceId,
    cursor,
    filter.deployment ?? null,
    filter.pool ?? null,
    filter.tag ?? null,
    search,
    looked,
    limit + 1,
  ]
  const states = filter.states === undefined || filter.states.length === 0 ? null : expandStates(filter.states)
  // Without a name the statement is planned for its values each time, so every filter finds its index.
  const query = states === null ? { text: idsText, values } : { text: idsByStateText, values: [...values, states.types, states.names] }
  const { rows } = await tx.query<{ ids: string[]; looked_to: string | null }>(query)
  const { ids = [], looked_to = null } = rows[0] ?? {}
  if (ids.length > limit) return { ids: ids.slice(0, limit), next: ids[limit - 1] ?? null }
  return { ids, next: search === null ? null : looked_to }
}
