import { callNext } from '@towline/core/limit/decide-grants'
import { statement } from '@towline/db/statement'
import type { Query } from '../runs/life/query.ts'
import type { RunTransaction } from '../runs/life/run-transaction.ts'
import { holderOf } from './holder-key.ts'
import { readLimitFacts } from './limit-facts.ts'
import { slotNotice } from './slot-notice.ts'
import callWaitersText from './sql/call-waiters.sql'
import noteHoldsText from './sql/note-holds.sql'

const callWaiters = statement('call-waiters', callWaitersText)
const noteHolds = statement('note-holds', noteHoldsText)

/**
 * Whom to wake after the commit: pools and runs that are ready now, task runs that may ask again, workspaces whose limits moved, and the
 * timer of those whom time lets in. `missed`: runs that were next, but that another transaction held.
 */
export type Called = { pools: string[]; runs: string[]; tasks: string[]; workspaces: string[]; timed: string[]; missed: string[] }
export const NOBODY: Called = { pools: [], runs: [], tasks: [], workspaces: [], timed: [], missed: [] }

/**
 * Offers what is free in these limits to whoever is next in their lines. The limits are locked by this transaction, which has just freed
 * slots or moved somebody; so a slot is never free while somebody who could have it is not told. The last statements go out with `commit`.
 */
export const callLines = async (work: RunTransaction, limitIds: readonly string[], commit: Query): Promise<Called> => {
  if (limitIds.length === 0) {
    await work.send([commit])
    return { ...NOBODY, tasks: [] }
  }
  const called: Called = { ...NOBODY, runs: [], tasks: [], pools: [] }
  const limits = await readLimitFacts(work, limitIds, 'lines')
  called.workspaces = [...new Set(limits.map((limit) => limit.workspaceId))]
  const now = work.now.getTime()
  const decisions = limits.map((limit) => callNext(limit, now))
  const waiting = decisions.flatMap(({ next }) => (next === null ? [] : [{ ...holderOf(next.id), hold: next.hold, until: next.until }]))
  called.timed = limits.filter((_limit, index) => (decisions[index]?.next?.until ?? null) !== null).map((limit) => limit.id)
  const last: Query[] = []
  if (waiting.length > 0) {
    last.push({
      ...noteHolds,
      values: [
        waiting.map((one) => one.runId),
        waiting.map((one) => one.taskKey),
        waiting.map((one) => one.hold),
        waiting.map((one) => (one.until === null ? null : new Date(one.until).toISOString())),
      ],
    })
  }
  const next = decisions.flatMap(({ call }) => call.map(holderOf))
  const tasks = next.filter((one) => one.taskKey !== null)
  const runs = next.filter((one) => one.taskKey === null).map((one) => one.runId)
  if (next.length > 0) {
    last.push({
      ...callWaiters,
      values: [runs, tasks.map((one) => one.runId), tasks.map((one) => one.taskKey), work.now],
    })
  }
  const answers = await work.send([...last, commit])
  if (next.length === 0) return called
  const told = answers.at(-2)
  for (const { id, pool_id, task_key } of (told?.rows ?? []) as { id: string; pool_id: string | null; task_key: string | null }[]) {
    if (pool_id === null) called.tasks.push(slotNotice(id, task_key ?? ''))
    else {
      called.runs.push(id)
      called.pools.push(pool_id)
    }
  }
  called.missed = runs.filter((id) => !called.runs.includes(id))
  return { ...called, pools: [...new Set(called.pools)], tasks: [...new Set(called.tasks)] }
}
