import { setTimeout as sleep } from 'node:timers/promises'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import type { RunTransaction } from '../runs/life/run-transaction.ts'
import type { Subject } from './find-limit.ts'
import adoptHoldersText from './sql/adopt-holders.sql'
import isOlderGoneText from './sql/is-older-gone.sql'
import lockLimitsText from './sql/lock-limits.sql'
import lockLiveRunsText from './sql/lock-live-runs.sql'
import markCountedText from './sql/mark-counted.sql'
import readNextXidText from './sql/read-next-xid.sql'

const readNextXid = statement('read-next-xid', readNextXidText)
const isOlderGone = statement('is-older-gone', isOlderGoneText)
const lockLiveRuns = statement('lock-live-runs', lockLiveRunsText)
const lockLimits = statement('lock-limits', lockLimitsText)
const adopt = statement('adopt-holders', adoptHoldersText)
const markCounted = statement('mark-counted', markCountedText)

/** A dump or a report may run for hours; claims take milliseconds. */
const PATIENCE_MS = 2000

/**
 * After the commit of a new limit: waits until every transaction that began before this moment has ended. A claim that began earlier may not
 * have seen the limit, and claims never wait for settings.
 */
export const olderGone = async (ctx: EngineContext): Promise<void> => {
  const next = (await ctx.db.enginePool.query<{ next_xid: string }>(readNextXid)).rows[0]?.next_xid
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const { rows } = await ctx.db.enginePool.query<{ gone: boolean }>({ ...isOlderGone, values: [next] })
    if (rows[0]?.gone === true || Date.now() > end) return
    await sleep(3)
  }
}

/** What runs when a limit is made holds its slots too; from then on it lets others in. Locks those runs, then the limit. A repeat changes nothing. */
export const adoptHolders = async (
  work: RunTransaction,
  { workspaceId, limitId, subject }: { workspaceId: string; limitId: string; subject: Subject },
): Promise<void> => {
  const { poolId, queueId, deploymentId, tag } = subject
  const [live] = await work.send([{ ...lockLiveRuns, values: [workspaceId, poolId, queueId, deploymentId, tag] }])
  const ids = ((live?.rows ?? []) as { id: string }[]).map((row) => row.id)
  await work.send([{ ...lockLimits, values: [[limitId]] }])
  if (ids.length > 0) await work.send([{ ...adopt, values: [limitId, ids] }])
  await work.send([{ ...markCounted, values: [limitId] }])
  work.callLater([limitId])
}
