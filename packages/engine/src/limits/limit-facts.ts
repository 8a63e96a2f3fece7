import type { Collision, LimitKind } from '@towline/contract/limit-views'
import type { LimitFacts, Standing } from '@towline/core/limit/decide-grants'
import { statement } from '@towline/db/statement'
import type { RunTransaction } from '../runs/life/run-transaction.ts'
import { holderKey } from './holder-key.ts'
import readLimitFactsText from './sql/read-limit-facts.sql'

const readFacts = statement('read-limit-facts', readLimitFactsText)

export type KnownLimit = LimitFacts & { workspaceId: string; kind: LimitKind; name: string; collision: Collision }

type Row = {
  id: string
  workspace_id: string
  kind: LimitKind
  name: string
  slots: number | null
  rate_count: number | null
  rate_window_seconds: number | null
  collision: Collision
  used: number
  starts: [number, number][]
  line: [string, string | null, number, number, number, boolean, number][]
}

/**
 * What decisions need of limits that this transaction has locked. A statement of its own: its snapshot is taken after the wait for the locks.
 * `lines`: only who is next is asked; `used` and `starts` are then read only of limits for which somebody waits.
 */
export const readLimitFacts = async (
  work: Pick<RunTransaction, 'send' | 'now'>,
  limitIds: readonly string[],
  asked: 'all' | 'lines' = 'all',
): Promise<KnownLimit[]> => {
  const [read] = await work.send([{ ...readFacts, values: [limitIds, work.now, asked === 'lines'] }])
  return ((read?.rows ?? []) as Row[]).map((row) => ({
    id: row.id,
    workspaceId: row.workspace_id,
    kind: row.kind,
    name: row.name,
    collision: row.collision,
    slots: row.slots,
    used: row.used,
    rate:
      row.rate_count === null || row.rate_window_seconds === null
        ? null
        : { count: row.rate_count, windowMs: row.rate_window_seconds * 1000 },
    starts: row.starts.map(([at, weight]) => ({ at, weight })),
    line: row.line.map(
      ([runId, taskKey, tier, rank, weight, called, lent]): Standing => ({
        id: holderKey(runId, taskKey),
        tier,
        rank,
        weight,
        lent,
        called,
      }),
    ),
  }))
}
