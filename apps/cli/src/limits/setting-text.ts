import type { LimitRate, LimitView } from '@towline/contract/limit-views'

export const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

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
