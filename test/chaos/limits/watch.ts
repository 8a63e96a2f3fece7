import { setTimeout as sleep } from 'node:timers/promises'
import { checkLedger } from '@towline/engine/limits/check-ledger'
import type { Premises } from './premises.ts'
import { LIMITS } from './workload.ts'

export type Sightings = { samples: number; ledgers: number; over: string[]; problems: string[]; busiest: number; longest: number }

/** The database from outside, many times a second: never more slots than a limit has; and the ledger that users see, while everything moves. */
export const watchSlots = async ({ outside, engine, workspaceId }: Premises, signal: AbortSignal): Promise<Sightings> => {
  const seen: Sightings = { samples: 0, ledgers: 0, over: [], problems: [], busiest: 0, longest: 0 }
  while (!signal.aborted) {
    const { rows } = await outside.query<{ name: string; used: number; holders: number; waiters: number }>(
      `select l.kind || ' ' || coalesce(l.tag, d.name, p.name, '') as name, coalesce(s.used, 0) as used, coalesce(s.holders, 0) as holders,
              (select count(*)::int from waiter w where w.limit_id = l.id) as waiters
       from concurrency_limit l left join deployment d on d.id = l.deployment_id left join work_pool p on p.id = l.pool_id
       left join lateral (select sum(weight)::int as used, count(*)::int as holders from slot where limit_id = l.id) s on true`,
    )
    seen.samples += 1
    seen.busiest = Math.max(seen.busiest, ...rows.map((row) => row.holders))
    seen.longest = Math.max(seen.longest, ...rows.map((row) => row.waiters))
    for (const { name, used } of rows) {
      const most = LIMITS.find((limit) => limit.name === name)?.most ?? null
      if (most !== null && used > most) seen.over.push(`${name}: ${used} of ${most} in the database`)
    }
    if (seen.samples % 4 === 0) {
      seen.ledgers += 1
      const { problems } = await checkLedger(engine, { workspaceId })
      for (const { kind, text, runId } of problems) seen.problems.push(`${kind}: ${text}${runId ? ` (run ${runId})` : ''}`)
    }
    await sleep(80, undefined, { signal }).catch(() => undefined)
  }
  return seen
}
