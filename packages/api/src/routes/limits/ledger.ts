import type { LedgerView } from '@towline/contract/limit-views'
import { workspaceProcedure } from '../../trpc.ts'
import { checkLedger } from './verbs.ts'

/** Every held slot against every live holder: what does not add up is named. */
export const ledger = workspaceProcedure('limits.read').query(
  ({ ctx }): Promise<LedgerView> => checkLedger(ctx.engine, { workspaceId: ctx.tenant.id }),
)
