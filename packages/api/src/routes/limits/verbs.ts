import { AppError } from '@towline/contract/app-error'
import type { LedgerView, LimitHistory, LimitRate, LimitRef, RehearsalView, TagSuggestion } from '@towline/contract/limit-views'
import type { EngineContext } from '@towline/engine/context'

type Verb<Input, Output> = (ctx: EngineContext, input: { workspaceId: string } & Input) => Promise<Output>

const none = async (): Promise<never> => {
  throw new AppError('not_found', 'There is no such limit in this workspace.')
}

/** The verbs of engine/limits, as the procedures call them. */
export const limitHistory: Verb<{ limit: LimitRef; hours: number }, LimitHistory> = none
export const rehearse: Verb<{ limit: LimitRef; slots: number | null; rate: LimitRate | null }, RehearsalView> = none
export const suggestTags: Verb<object, TagSuggestion[]> = async () => []
export const checkLedger: Verb<object, LedgerView> = async (ctx) => ({
  at: ctx.clock.now(),
  ok: true,
  limits: 0,
  slots: 0,
  waiters: 0,
  problems: [],
})
