import type { TagSuggestion } from '@towline/contract/limit-views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { idAt } from './id-at.ts'
import suggestTagsText from './sql/suggest-tags.sql'

const suggest = statement('suggest-tags', suggestTagsText)
const DAYS = 7

/** Tags that the runs and task runs of the last week carried and that have no limit. */
export const suggestTags = (ctx: EngineContext, { workspaceId }: { workspaceId: string }): Promise<TagSuggestion[]> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const since = idAt(new Date(ctx.clock.now().getTime() - DAYS * 86_400_000))
    const { rows } = await tx.query<{ tag: string; runs: number; tasks: number; last_seen_at: Date }>({
      ...suggest,
      values: [workspaceId, since],
    })
    return rows.map((row) => ({ tag: row.tag, runs: row.runs, tasks: row.tasks, lastSeenAt: row.last_seen_at }))
  })
