import type { Page, RunFilter, RunSummary } from '@towline/contract/views'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { expandStates } from './expand-states.ts'
import { readRunSummaries } from './read-run-summaries.ts'
import idsText from './sql/list-run-ids.sql'
import idsByStateText from './sql/list-run-ids-by-state.sql'

type Input = { workspaceId: string; filter: RunFilter; cursor: string | null; limit: number }

/** Names and tags have no index: a page looks at so many runs for them, and the next page goes on from there. */
const LOOKED_AT = 50_000
/** With states, whose candidates are merged and sorted before they are looked at. */
const LOOKED_AT_BY_STATE = 20_000

/** Newest first, paged by id. A page of a search or a rare tag may hold few runs, or none, and still have a next one. */
export const listRuns = (ctx: EngineContext, { workspaceId, filter, cursor, limit }: Input): Promise<Page<RunSummary>> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const { ids, next } = await findIds(tx, { workspaceId, filter, cursor, limit })
    return { items: await readRunSummaries(tx, { workspaceId, ids, now: ctx.clock.now() }), next }
  })

export const findIds = async (tx: Tx, { workspaceId, filter, cursor, limit }: Input): Promise<{ ids: string[]; next: string | null }> => {
  const search = filter.search?.trim() ? `%${filter.search.trim().replace(/[\\%_]/g, '\\$&')}%` : null
  const states = filter.states === undefined || filter.states.length === 0 ? null : expandStates(filter.states)
  const looksInside = search !== null || filter.tag !== undefined
  const looked = !looksInside ? limit + 1 : states === null ? LOOKED_AT : LOOKED_AT_BY_STATE
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
  // Without a name the statement is planned for its values each time, so every filter finds its index.
  const query = states === null ? { text: idsText, values } : { text: idsByStateText, values: [...values, states.types, states.names] }
  const { rows } = await tx.query<{ ids: string[]; looked_to: string | null }>(query)
  const { ids = [], looked_to = null } = rows[0] ?? {}
  if (ids.length > limit) return { ids: ids.slice(0, limit), next: ids[limit - 1] ?? null }
  return { ids, next: looksInside ? looked_to : null }
}
