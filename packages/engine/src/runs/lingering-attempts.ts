import type { AttemptRef } from '@towline/contract/frames'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import readLingeringText from './sql/read-lingering-attempts.sql'

const readLingering = statement('read-lingering-attempts', readLingeringText)

/** How long a process may go on after its run has reported its own end, before it counts as fenced and is killed. */
const LINGER_SECONDS = 60

export const keyOf = ({ runId, attempt }: AttemptRef): string => `${runId}/${attempt}`

/** Of attempts without a lease those that must be killed: all but the ones that ended by their own report a moment ago. */
export const withoutLingering = async (ctx: EngineContext, refs: readonly AttemptRef[]): Promise<AttemptRef[]> => {
  if (refs.length === 0) return []
  const { rows } = await ctx.db.enginePool.query<{ run_id: string; number: number }>({
    ...readLingering,
    values: [refs.map((ref) => ref.runId), refs.map((ref) => ref.attempt), new Date(ctx.clock.now().getTime() - LINGER_SECONDS * 1000)],
  })
  const spared = new Set(rows.map((row) => keyOf({ runId: row.run_id, attempt: row.number })))
  return refs.filter((ref) => !spared.has(keyOf(ref))).map(({ runId, attempt }) => ({ runId, attempt }))
}
