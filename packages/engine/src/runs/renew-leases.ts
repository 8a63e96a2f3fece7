import type { AttemptRef } from '@towline/contract/frames'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import readLingeringText from './sql/read-lingering-attempts.sql'
import renewLeasesText from './sql/renew-leases.sql'

const renew = statement('renew-leases', renewLeasesText)
const readLingering = statement('read-lingering-attempts', readLingeringText)

/** How long a process may go on after its run has reported its own end, before it counts as fenced and is killed. */
export const LINGER_SECONDS = 60

export type RenewInput = { agentId: string; refs: readonly AttemptRef[]; leaseSeconds: number }

const keyOf = (runId: string, attempt: number): string => `${runId}/${attempt}`

/** A heartbeat: the leases of exactly these attempts. `stale` ones are not this agent's any more: it must kill them. */
export const renewLeases = async (ctx: EngineContext, { agentId, refs, leaseSeconds }: RenewInput): Promise<{ stale: AttemptRef[] }> => {
  if (refs.length === 0) return { stale: [] }
  const now = ctx.clock.now().getTime()
  const until = new Date(now + leaseSeconds * 1000)
  const { rows } = await ctx.db.enginePool.query<{ id: string; attempt: number }>({
    ...renew,
    values: [agentId, refs.map((ref) => ref.runId), refs.map((ref) => ref.attempt), until],
  })
  const renewed = new Set(rows.map((row) => keyOf(row.id, row.attempt)))
  const missing = refs.filter((ref) => !renewed.has(keyOf(ref.runId, ref.attempt)))
  if (missing.length === 0) return { stale: [] }
  const lingering = await ctx.db.enginePool.query<{ run_id: string; number: number }>({
    ...readLingering,
    values: [missing.map((ref) => ref.runId), missing.map((ref) => ref.attempt), new Date(now - LINGER_SECONDS * 1000)],
  })
  const spared = new Set(lingering.rows.map((row) => keyOf(row.run_id, row.number)))
  return { stale: missing.filter((ref) => !spared.has(keyOf(ref.runId, ref.attempt))).map(({ runId, attempt }) => ({ runId, attempt })) }
}
