import { z } from 'zod'
import { STATE_NAMES, STATE_TYPES, type StateName } from './state-names.ts'

export {
  FINAL_STATE_TYPES,
  isFinal,
  STATE_NAMES,
  STATE_TYPES,
  type StateName,
  type StateType,
  typeOf,
} from './state-names.ts'

export const stateTypeSchema = z.enum(STATE_TYPES)
export const stateNameSchema = z.enum(Object.keys(STATE_NAMES) as [StateName, ...StateName[]])

export const stateSchema = z.object({
  name: stateNameSchema,
  type: stateTypeSchema,
  /** One sentence for people: why the run is in this state. */
  message: z.string().max(4000).nullable(),
  at: z.coerce.date(),
})
export type State = z.infer<typeof stateSchema>
