import { sweepAgents } from '@towline/engine/agents/sweep-agents'
import { pruneAudit } from '@towline/engine/audit/prune-audit'
import type { EngineContext } from '@towline/engine/context'
import { mayEndLeases } from '@towline/engine/gateways/may-end-leases'
import { pruneSlotHistory } from '@towline/engine/limits/prune-slot-history'
import { dropDays } from '@towline/engine/retention/drop-days'
import { forgetRuns } from '@towline/engine/retention/forget-runs'
import { enforceCancels } from '@towline/engine/runs/enforce-cancels'
import { enforceDeadlines } from '@towline/engine/runs/enforce-deadlines'
import { ensurePartitions } from '@towline/engine/runs/ensure-partitions'
import { expireLeases } from '@towline/engine/runs/expire-leases'
import { markLate } from '@towline/engine/runs/mark-late'
import { Steadiness } from './steadiness.ts'

/** One background duty: a bounded round that says how much it did and whether there is more. */
export type Duty = { name: string; intervalMs: number; runOnce(): Promise<{ done: number; more?: boolean }> }

const NEVER = new Date(0)

/** What happens by the clock alone. Promotion has a timer of its own. `keptDays`: how long ended runs are kept; 0: for ever. */
export const dutiesOf = (engine: EngineContext, { leaseSeconds, keptDays }: { leaseSeconds: number; keptDays: number }): Duty[] => {
  const steadiness = new Steadiness(leaseSeconds)
  return [
    {
      name: 'expire-leases',
      // Many rounds in a lease, however short it is: rounds that are too far apart look like a gap, and after a gap no lease ends.
      intervalMs: Math.min(1000, leaseSeconds * 100),
      runOnce: async () => {
        const now = engine.clock.now()
        const fair = steadiness.isSteady(now.getTime()) && (await mayEndLeases(engine, { leaseSeconds }))
        const endedBefore = fair ? now : NEVER
        const { expired, more } = await expireLeases(engine, { endedBefore })
        steadiness.succeeded(now.getTime())
        return { done: expired, more }
      },
    },
    { name: 'sweep-agents', intervalMs: 5000, runOnce: async () => ({ done: (await sweepAgents(engine, { leaseSeconds })).swept }) },
    {
      name: 'enforce-cancels',
      intervalMs: 5000,
      runOnce: async () => {
        const { reminded, forced } = await enforceCancels(engine, { fair: await mayEndLeases(engine, { leaseSeconds }) })
        return { done: reminded + forced }
      },
    },
    {
      name: 'enforce-deadlines',
      intervalMs: 5000,
      runOnce: async () => {
        const { ended, more } = await enforceDeadlines(engine, { fair: await mayEndLeases(engine, { leaseSeconds }) })
        return { done: ended, more }
      },
    },
    { name: 'mark-late', intervalMs: 5000, runOnce: async () => ({ done: (await markLate(engine)).marked }) },
    { name: 'prune-slot-history', intervalMs: 300_000, runOnce: async () => ({ done: (await pruneSlotHistory(engine)).pruned }) },
    {
      name: 'prune-audit',
      intervalMs: 3_600_000,
      runOnce: async () => {
        const { pruned, more } = await pruneAudit(engine)
        return { done: pruned, more }
      },
    },
    { name: 'partitions', intervalMs: 3_600_000, runOnce: async () => ({ done: (await ensurePartitions(engine)).made }) },
    ...(keptDays > 0 ? [retention(engine, keptDays)] : []),
  ]
}

/** Runs first: what a day holds of those that are gone need not be moved. A day that somebody reads for long is tried again in the next round. */
const retention = (engine: EngineContext, keptDays: number): Duty => ({
  name: 'retention',
  intervalMs: 600_000,
  runOnce: async () => {
    const { forgotten, more } = await forgetRuns(engine, { keptDays })
    if (more) return { done: forgotten, more }
    return { done: forgotten + (await dropDays(engine, { keptDays })).dropped }
  },
})
