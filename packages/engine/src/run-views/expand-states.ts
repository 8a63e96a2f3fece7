import { FINAL_STATE_TYPES, STATE_NAMES, type StateName, type StateType, typeOf } from '@towline/contract/states'
import type { RunFilter } from '@towline/contract/views'

type Group = Exclude<NonNullable<RunFilter['states']>[number], StateName>

const namesOf = (...types: StateType[]): StateName[] =>
  (Object.keys(STATE_NAMES) as StateName[]).filter((name) => types.includes(typeOf(name)))

const GROUPS: Record<Group, StateName[]> = {
  active: namesOf('PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'),
  waiting: namesOf('SCHEDULED'),
  finished: namesOf(...FINAL_STATE_TYPES),
  problem: [...namesOf('FAILED', 'CRASHED'), 'Late'],
}

const isGroup = (state: StateName | Group): state is Group => state in GROUPS

/** Names of states and groups of them -> all names that are meant, and their types, which the index goes by. */
export const expandStates = (states: NonNullable<RunFilter['states']>): { types: StateType[]; names: StateName[] } => {
  const names = [...new Set(states.flatMap((state) => (isGroup(state) ? GROUPS[state] : [state])))]
  return { names, types: [...new Set(names.map(typeOf))] }
}
