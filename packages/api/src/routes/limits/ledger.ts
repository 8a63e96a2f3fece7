import type { LedgerView } from '@towline/contract/limit-views'
import { checkLedger } from '@towline/engine/limits/check-ledger'
import { workspaceProcedure } from '../../trpc.ts'

/** Every held slot against every live holder: what does not add up is named. */
export const ledger = workspaceProcedure('limits.read').query(
  ({ ctx }): Promise<LedgerView> => checkLedger(ctx.engine, { workspaceId: ctx.tenant.id }),
)
