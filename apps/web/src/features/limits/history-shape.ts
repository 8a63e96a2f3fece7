import type { LimitHistory } from '@towline/contract/limit-views'

export type Shape = {
  /** Area of the slots in use, as steps. */
  area: string
  /** Top edge of the area. */
  line: string
  /** Height of the bound, null when it has none. */
  boundY: number | null
  /** One bar per bucket that had a line of waiters. */
  bars: { x: number; width: number; y: number; height: number; waiting: number; at: Date }[]
  maxUse: number
  maxWaiting: number
}

type Box = { width: number; useHeight: number; waitHeight: number }

const round = (value: number): number => Math.round(value * 100) / 100

/** Many buckets in few pixels: neighbours are joined and keep their largest, so that no peak is lost. */
export const joinPoints = (points: LimitHistory['points'], most: number): LimitHistory['points'] => {
  const size = Math.ceil(points.length / most)
  if (size <= 1) return points
  const joined: LimitHistory['points'] = []
  for (let start = 0; start < points.length; start += size) {
    const group = points.slice(start, start + size)
    const granted = group.reduce((sum, point) => sum + point.granted, 0)
    joined.push({
      at: (group[0] as (typeof group)[number]).at,
      maxUsed: Math.max(...group.map((point) => point.maxUsed)),
      maxWaiting: Math.max(...group.map((point) => point.maxWaiting)),
      granted,
      waitMeanMs: granted === 0 ? 0 : group.reduce((sum, point) => sum + point.waitMeanMs * point.granted, 0) / granted,
      waitMaxMs: Math.max(...group.map((point) => point.waitMaxMs)),
    })
  }
  return joined
}

/** Use above, the line of waiters below, on one time axis. Plain numbers; the component only draws them. */
export const shapeOf = (points: LimitHistory['points'], slots: number | null, { width, useHeight, waitHeight }: Box): Shape => {
  const maxUse = Math.max(1, slots ?? 0, ...points.map((point) => point.maxUsed))
  const maxWaiting = Math.max(0, ...points.map((point) => point.maxWaiting))
  const step = points.length > 0 ? width / points.length : width
  const y = (used: number) => round(useHeight - (used / maxUse) * useHeight)
  const edge = points.map((point, index) => `${round(index * step)},${y(point.maxUsed)} ${round((index + 1) * step)},${y(point.maxUsed)}`)
  const line = edge.length > 0 ? `M${edge.join(' L')}` : ''
  return {
    line,
    area: line === '' ? '' : `${line} L${round(width)},${useHeight} L0,${useHeight} Z`,
    boundY: slots === null ? null : y(slots),
    bars: points.flatMap((point, index) => {
      if (point.maxWaiting === 0) return []
      const height = Math.max(2, round((point.maxWaiting / maxWaiting) * waitHeight))
      return [{ x: round(index * step), width: round(Math.max(1, step - 0.5)), y: 0, height, waiting: point.maxWaiting, at: point.at }]
    }),
    maxUse,
    maxWaiting,
  }
}
