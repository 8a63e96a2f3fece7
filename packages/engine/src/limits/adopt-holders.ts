import { statement } from '@towline/db/statement'
import type { RunTransaction } from '../runs/life/run-transaction.ts'
import type { Subject } from './find-limit.ts'
import adoptHoldersText from './sql/adopt-holders.sql'
import lockLimitsText from './sql/lock-limits.sql'
import lockLiveRunsText from './sql/lock-live-runs.sql'
import markCountedText from './sql/mark-counted.sql'

const lockLiveRuns = statement('lock-live-runs', lockLiveRunsText)
const lockLimits = statement('lock-limits', lockLimitsText)
const adopt = statement('adopt-holders', adoptHoldersText)
const markCounted = statement('mark-counted', markCountedText)

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
