import type { AttemptRef } from '@towline/contract/frames'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { keyOf, withoutLingering } from './lingering-attempts.ts'
import renewLeasesText from './sql/renew-leases.sql'

const renew = statement('renew-leases', renewLeasesText)
export type RenewInput = { agentId: string; refs: readonly AttemptRef[]; leaseSeconds: number }

/** A heartbeat: the leases of exactly these attempts. `stale` ones are not this agent's any more: it must kill them. */
export const renewLeases = async (ctx: EngineContext, { agentId, refs, leaseSeconds }: RenewInput): Promise<{ stale: AttemptRef[] }> => {
  if (refs.length === 0) return { stale: [] }
  const until = new Date(ctx.clock.now().getTime() + leaseSeconds * 1000)
  const { rows } = await ctx.db.enginePool.query<{ id: string; attempt: number }>({
    ...renew,
    values: [agentId, refs.map((ref) => ref.runId), refs.map((ref) => ref.attempt), until],
  })
  const renewed = new Set(rows.map((row) => keyOf({ runId: row.id, attempt: row.attempt })))
  return {
    stale: await withoutLingering(
      ctx,
      refs.filter((ref) => !renewed.has(keyOf(ref))),
    ),
  }
}
