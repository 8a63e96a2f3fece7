import { AppError } from '@towline/contract/app-error'
import type { LimitInput, LimitView } from '@towline/contract/limit-views'
import { statement } from '@towline/db/statement'
import { engineTransaction } from '@towline/db/transaction'
import { newId } from '@towline/service/new-id'
import { changeText } from '../audit/change-text.ts'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { type RunTransaction, runTransaction } from '../runs/life/run-transaction.ts'
import { isUniqueViolation } from '../unique-violation.ts'
import { adoptHolders } from './adopt-holders.ts'
import { boundsText, limitFacts, limitSubject, whatOf } from './audit-limit.ts'
import { findSubject, type Subject } from './find-limit.ts'
import { readLimit, readLimits } from './list-limits.ts'
import { olderGone } from './older-gone.ts'
import insertLimitText from './sql/insert-limit.sql'
import lockLimitsText from './sql/lock-limits.sql'
import updateLimitText from './sql/update-limit.sql'

const insertLimit = statement('insert-limit', insertLimitText)
const updateLimit = statement('update-limit', updateLimitText)
const lockLimits = statement('lock-limits', lockLimitsText)

export type SetLimit = LimitInput & { workspaceId: string; actor: string }

/**
 * Makes the limit of a subject, or changes it; what is left out stays as it is. Holders keep their slots whatever it says: lowered, it lets
 * nobody in before it has room; raised, it calls who is next in the same transaction.
 */
export const setLimit = async (ctx: EngineContext, input: SetLimit): Promise<LimitView> => {
  const { workspaceId, limit } = input
  const { subject, limitId } = await findSubject(ctx.db, { workspaceId, limit })
  if (input.collision !== undefined && input.collision !== 'enqueue' && subject.kind !== 'deployment')
    throw new AppError('invalid_input', 'collision: only the limit of a deployment says what becomes of a new run beside another.')
  const id = limitId ?? (await create(ctx, input, subject))
  if (limitId !== null) await change(ctx, input, limitId)
  noticeWorkspace(ctx, workspaceId, 'limits')
  return await readLimit(ctx, { workspaceId, limitId: id })
}

const change = (ctx: EngineContext, input: SetLimit, limitId: string): Promise<void> =>
  runTransaction(ctx, async (work) => {
    const { workspaceId } = input
    await work.send([{ ...lockLimits, values: [[limitId]] }])
    const [before] = await readLimits(work.tx, { workspaceId, limitId })
    await write(work, input, limitId)
    const [after] = await readLimits(work.tx, { workspaceId, limitId })
    if (!before || !after) throw gone()
    const facts = { before: limitFacts(before), after: limitFacts(after) }
    const text = `changed the limit of ${whatOf(after)}: ${changeText(facts.before, facts.after)}`
    await recordChange(ctx, work.tx, { workspaceId, action: 'limit.change', subject: limitSubject(after), text, ...facts })
  })

const gone = (): AppError => new AppError('not_found', 'The limit was deleted in this moment.')

const write = async (
  work: RunTransaction,
  { workspaceId, slots, rate, collision, description }: SetLimit,
  limitId: string,
): Promise<void> => {
  const [updated] = await work.send([
    {
      ...updateLimit,
      values: [
        workspaceId,
        limitId,
        slots !== undefined,
        slots ?? null,
        rate !== undefined,
        rate?.count ?? null,
        rate?.windowSeconds ?? null,
        collision !== undefined,
        collision ?? null,
        description !== undefined,
        description ?? null,
        work.now,
      ],
    },
  ])
  if (updated?.rows.length === 0) throw gone()
  work.callLater([limitId])
}

const create = async (ctx: EngineContext, input: SetLimit, subject: Subject): Promise<string> => {
  const { workspaceId, slots = null, rate = null } = input
  if (slots === null && rate === null) throw new AppError('invalid_input', 'A new limit needs slots or a rate.')
  const now = ctx.clock.now()
  const id = newId(now)
  const { kind, poolId, queueId, deploymentId, tag } = subject
  const bounds = [slots, rate?.count ?? null, rate?.windowSeconds ?? null]
  const values = [
    id,
    workspaceId,
    kind,
    poolId,
    queueId,
    deploymentId,
    tag,
    ...bounds,
    input.collision ?? 'enqueue',
    input.description ?? '',
    now,
    input.actor,
  ]
  try {
    await engineTransaction(ctx.db, async (tx) => {
      await tx.query({ ...insertLimit, values })
      const [made] = await readLimits(tx, { workspaceId, limitId: id })
      if (!made) throw new Error('a limit vanished inside its own transaction')
      const text = `gave ${whatOf(made)} a limit: ${boundsText(made)}`
      await recordChange(ctx, tx, { workspaceId, action: 'limit.create', subject: limitSubject(made), text, after: limitFacts(made) })
    })
    await olderGone(ctx)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    // Somebody made it in this moment: then this is a change of it.
    const { limitId } = await findSubject(ctx.db, { workspaceId, limit: input.limit })
    if (limitId === null) throw new AppError('conflict', 'The limit was made and deleted in this moment. Try again.')
    await change(ctx, input, limitId)
    return limitId
  }
  // It lets nobody in before those who run already are counted; should this process die here, a scheduler counts them.
  await runTransaction(ctx, (work) => adoptHolders(work, { workspaceId, limitId: id, subject }))
  return id
}
