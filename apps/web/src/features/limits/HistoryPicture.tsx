'use client'

import type { LimitHistory } from '@towline/contract/limit-views'
import { type PointerEvent, useMemo, useState } from 'react'
import { formatDuration } from '../../ui/format/format-duration.ts'
import { formatCount, plural } from '../../ui/format/format-number.ts'
import { joinPoints, shapeOf } from './history-shape.ts'

const BOX = { width: 960, useHeight: 96, waitHeight: 40 }
const GAP = 10
const HEIGHT = BOX.useHeight + GAP + BOX.waitHeight
const MOST_POINTS = 288
const TICKS = 4

const clock = (at: Date): string => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)

const Reading = ({ point }: { point: LimitHistory['points'][number] }) => (
  <>
    <span className="text-text">{clock(point.at)}</span>
    <span>{plural(point.maxUsed, 'slot')} in use</span>
    <span>{formatCount(point.maxWaiting)} in line</span>
    {point.granted > 0 && (
      <span className="max-sm:hidden">
        {formatCount(point.granted)} let in, after {formatDuration(point.waitMeanMs)} on average, {formatDuration(point.waitMaxMs)} at most
      </span>
    )}
  </>
)

/** The same in 24 rows, for those who do not look at pictures. */
const RowsTable = ({ points }: { points: LimitHistory['points'] }) => (
  <details className="mt-2 text-xs">
    <summary className="w-fit rounded-sm text-faint hover:text-text">As a table</summary>
    <div className="thin-scroll mt-2 max-h-64 overflow-auto">
      <table className="w-full text-right">
        <caption className="sr-only">Use and waits over time</caption>
        <thead className="text-faint">
          <tr>
            {['From', 'Most in use', 'Most in line', 'Let in', 'Mean wait', 'Longest wait'].map((title, index) => (
              <th key={title} scope="col" className={`py-1 font-normal ${index === 0 ? 'text-left' : 'pl-3'}`}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.at.toISOString()} className="border-t border-line">
              <th scope="row" className="py-1 text-left font-normal">
                {clock(point.at)}
              </th>
              <td className="pl-3">{point.maxUsed}</td>
              <td className="pl-3">{point.maxWaiting}</td>
              <td className="pl-3">{point.granted}</td>
              <td className="pl-3">{formatDuration(point.waitMeanMs)}</td>
              <td className="pl-3">{formatDuration(point.waitMaxMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
)

/** Slots in use under the line of the bound, waiters in line beneath it on the same time axis. */
export const HistoryPicture = ({ history }: { history: LimitHistory }) => {
  const { slots } = history
  const [hovered, setHovered] = useState<number | null>(null)
  const points = useMemo(() => joinPoints(history.points, MOST_POINTS), [history.points])
  const rows = useMemo(() => joinPoints(history.points, 24), [history.points])
  const shape = useMemo(() => shapeOf(points, slots, BOX), [points, slots])
  const shown = hovered === null ? null : points[hovered]
  const granted = points.reduce((sum, point) => sum + point.granted, 0)
  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    setHovered(Math.min(points.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * points.length))))
  }
  const from = history.from.getTime()
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => new Date(from + ((history.to.getTime() - from) * index) / TICKS))
  const summary = `At most ${plural(Math.max(0, ...points.map((point) => point.maxUsed)), 'slot')} in use${slots === null ? '' : ` (the bound is ${slots} now)`}, at most ${formatCount(shape.maxWaiting)} in line, ${formatCount(granted)} let in.`
  return (
    <div>
      <p className="mb-2 flex min-h-5 flex-wrap gap-x-4 text-xs text-muted">{shown ? <Reading point={shown} /> : summary}</p>
      <div className="relative">
        <svg
          viewBox={`0 0 ${BOX.width} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="block h-[146px] w-full touch-pan-y"
          role="img"
          aria-label={summary}
          onPointerMove={follow}
          onPointerLeave={() => setHovered(null)}
        >
          <line x1={0} x2={BOX.width} y1={BOX.useHeight} y2={BOX.useHeight} className="stroke-line" vectorEffect="non-scaling-stroke" />
          <path d={shape.area} className="fill-accent" opacity={0.2} />
          <path d={shape.line} className="fill-transparent stroke-accent" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
          {shape.boundY !== null && (
            <line
              x1={0}
              x2={BOX.width}
              y1={shape.boundY}
              y2={shape.boundY}
              className="stroke-amber"
              strokeWidth={1.5}
              strokeDasharray="4 4"
              vectorEffect="non-scaling-stroke"
            />
          )}
          {shape.bars.map((bar) => (
            <rect
              key={bar.x}
              x={bar.x}
              y={BOX.useHeight + GAP}
              width={bar.width}
              height={bar.height}
              className="fill-violet"
              opacity={0.8}
            />
          ))}
          {hovered !== null && (
            <rect
              x={(hovered * BOX.width) / points.length}
              y={0}
              width={Math.max(2, BOX.width / points.length)}
              height={HEIGHT}
              className="fill-text"
              opacity={0.12}
            />
          )}
        </svg>
      </div>
      <div className="mt-1 flex justify-between text-xs text-faint" aria-hidden>
        {ticks.map((at, index) => (
          <span key={at.toISOString()} className={index % 2 === 1 ? 'max-sm:hidden' : undefined}>
            {index === TICKS ? 'now' : clock(at)}
          </span>
        ))}
      </div>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="h-2 w-3 rounded-[2px] border-t-2 border-accent bg-accent/20" /> slots in use
        </span>
        {slots !== null && (
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="w-3 border-t-2 border-dashed border-amber" /> the bound, {slots}
          </span>
        )}
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="h-2 w-3 rounded-[2px] bg-violet" /> in line, at most {formatCount(shape.maxWaiting)}
        </span>
      </p>
      <RowsTable points={rows} />
    </div>
  )
}
