import { type LimitRate, limitRateSchema, limitSlotsSchema } from '@towline/contract/limit-views'
import { CliError, EXIT } from '../cli-error.ts'
import { UNITS } from './setting-text.ts'

/** `5`, or `none` for no bound. */
export const parseSlots = (typed: string): number | null => {
  if (typed === 'none') return null
  const parsed = limitSlotsSchema.safeParse(/^\d+$/.test(typed) ? Number(typed) : typed)
  if (parsed.success) return parsed.data
  throw new CliError(`"${typed}" is no number of slots`, { exit: EXIT.usage, remedy: 'a whole number from 0 (0 pauses), or none' })
}

/** `100/1m`: so many starts within any so long; `none` for no rate. */
export const parseRate = (typed: string): LimitRate | null => {
  if (typed === 'none') return null
  const [, count, size, unit = 's'] = /^(\d+)\/(\d*)([smhd]?)$/.exec(typed) ?? []
  const windowSeconds = Number(size || 1) * UNITS[(unit || 's') as keyof typeof UNITS]
  const parsed = limitRateSchema.safeParse({ count: Number(count ?? Number.NaN), windowSeconds })
  if (parsed.success) return parsed.data
  throw new CliError(`"${typed}" is no rate`, { exit: EXIT.usage, remedy: '10/s, 100/1m or 5000/24h (within a day), or none' })
}
