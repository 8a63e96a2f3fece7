'use client'

import { useQuery } from '@tanstack/react-query'
import type { LimitView } from '@towline/contract/limit-views'
import { useTRPC } from '../../trpc/trpc.ts'
import { plural } from '../../ui/format/format-number.ts'
import { joinPoints, shapeOf } from './history-shape.ts'
import { useSeen } from './use-seen.ts'

const BOX = { width: 112, useHeight: 18, waitHeight: 6 }
const HOURS = 6

/** Six hours of use in a line of text; violet beneath it where somebody waited. */
export const UseSpark = ({ limit }: { limit: LimitView }) => {
  const [ref, seen] = useSeen<HTMLSpanElement>()
  const history = useQuery(
    useTRPC().limits.history.queryOptions({ limit: { id: limit.id }, hours: HOURS }, { enabled: seen, refetchInterval: 60_000 }),
  )
  const points = joinPoints(history.data?.points ?? [], 56)
  const shape = shapeOf(points, limit.slots, BOX)
  const text = history.data
    ? `Last ${HOURS} hours: at most ${plural(Math.max(0, ...points.map((point) => point.maxUsed)), 'slot')} in use, ${plural(shape.maxWaiting, 'waiter')} in line`
    : undefined
  const height = BOX.useHeight + BOX.waitHeight + 1
  return (
    <span ref={ref} className="inline-block align-middle" style={{ width: BOX.width, height }} title={text}>
      {history.data && (
        <svg viewBox={`0 0 ${BOX.width} ${height}`} width={BOX.width} height={height} role="img" aria-label={text}>
          <path d={shape.area} className="fill-accent" opacity={0.22} />
          <path d={shape.line} className="fill-transparent stroke-accent" strokeWidth={1} vectorEffect="non-scaling-stroke" />
          {shape.boundY !== null && limit.slots !== 0 && (
            <line
              x1={0}
              x2={BOX.width}
              y1={shape.boundY + 0.5}
              y2={shape.boundY + 0.5}
              className="stroke-line-strong"
              strokeDasharray="2 2"
            />
          )}
          {shape.bars.map((bar) => (
            <rect
              key={bar.x}
              x={bar.x}
              y={BOX.useHeight + 1}
              width={bar.width}
              height={bar.height}
              className="fill-violet"
              opacity={0.75}
            />
          ))}
        </svg>
      )}
    </span>
  )
}
