import { type LimitRate, type LimitView, limitRateSchema, limitSlotsSchema } from '@towline/contract/limit-views'
import { CliError, EXIT } from '../cli-error.ts'

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

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

export const rateText = (rate: LimitRate | null): string => {
  if (rate === null) return ''
  const [unit, seconds] = (Object.entries(UNITS).findLast(([, seconds]) => rate.windowSeconds % seconds === 0) ?? ['s', 1]) as [
    string,
    number,
  ]
  const size = rate.windowSeconds / seconds
  return `${rate.count}/${size === 1 ? '' : size}${unit}`
}

export const inUseText = ({ used, slots }: Pick<LimitView, 'used' | 'slots'>): string => {
  if (slots === 0) return used === 0 ? 'paused' : `${used} (paused)`
  return slots === null ? `${used}` : `${used}/${slots}`
}
