import type { State, StateType } from '@towline/contract/states'
import { isFinal } from '@towline/contract/states'

/** What can be done with a run now. The engine decides again; this only spares people a refusal. */
export const canCancel = (state: State): boolean => !isFinal(state.type) && state.type !== 'CANCELLING'
export const canRetry = (state: State): boolean => (['FAILED', 'CRASHED', 'CANCELLED'] as StateType[]).includes(state.type)
