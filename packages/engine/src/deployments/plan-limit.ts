import { isDeepStrictEqual } from 'node:util'
import { AppError } from '@towline/contract/app-error'
import type { Collision, DeploymentLimit, LimitBounds, LimitPlan } from '@towline/contract/limit-views'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import readText from './sql/read-deployment-limit.sql'

const read = statement('read-deployment-limit', readText)

type Row = { slots: number | null; rate_count: number | null; rate_window_seconds: number | null; collision: Collision }
type Wanted = { workspaceId: string; deployment: { id: string; name: string }; limit: DeploymentLimit }

const boundsOf = ({ slots, rate_count: count, rate_window_seconds: windowSeconds, collision }: Row): LimitBounds => ({
  slots,
  rate: count === null || windowSeconds === null ? null : { count, windowSeconds },
  collision,
})

/** What the limit of a deployment becomes when a registration names it; what it does not name stays as it was set. */
export const planLimit = async (tx: Tx, { workspaceId, deployment, limit }: Wanted): Promise<LimitPlan> => {
  const { rows } = await tx.query<Row>({ ...read, values: [workspaceId, deployment.id] })
  const before = rows[0] === undefined ? null : boundsOf(rows[0])
  if (before === null && limit.slots === undefined && limit.rate === undefined)
    throw new AppError(
      'invalid_input',
      `${deployment.name} has no limit yet, so collision has nothing to act on. Write limit or rate beside it.`,
    )
  const after = {
    slots: limit.slots ?? before?.slots ?? null,
    rate: limit.rate ?? before?.rate ?? null,
    collision: limit.collision ?? before?.collision ?? 'enqueue',
  }
  return { before, after, changed: !isDeepStrictEqual(before, after) }
}
