import type { LedgerView, LimitKind } from '@towline/contract/limit-views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import checkLedgerText from './sql/check-ledger.sql'
import countLedgerText from './sql/count-ledger.sql'

const check = statement('check-ledger', checkLedgerText)
const count = statement('count-ledger', countLedgerText)

type Problem = LedgerView['problems'][number]
type Row = {
  kind: Problem['kind']
  limit_id: string | null
  limit_kind: LimitKind | null
  name: string | null
  run_id: string | null
  text: string
}

const problemOf = (row: Row): Problem => ({
  kind: row.kind,
  limit: row.limit_id && row.limit_kind ? { id: row.limit_id, kind: row.limit_kind, name: row.name ?? '' } : null,
  runId: row.run_id,
  text: row.text,
})

/** Every held slot against every live holder, and every line against who waits: what does not add up is named. */
export const checkLedger = (ctx: EngineContext, { workspaceId }: { workspaceId: string }): Promise<LedgerView> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const at = ctx.clock.now()
    const { rows } = await tx.query<Row>({ ...check, values: [workspaceId, at] })
    const counts = (await tx.query<{ limits: number; slots: number; waiters: number }>({ ...count, values: [workspaceId] })).rows[0]
    return {
      at,
      ok: rows.length === 0,
      limits: counts?.limits ?? 0,
      slots: counts?.slots ?? 0,
      waiters: counts?.waiters ?? 0,
      problems: rows.map(problemOf),
    }
  })
