'use client'

import type { TaskRunView } from '@towline/contract/views'
import { useMemo } from 'react'
import { classNames } from '../../../ui/class-names.ts'
import { Duration } from '../../../ui/Duration.tsx'
import { formatCount } from '../../../ui/format/format-number.ts'
import { StateGlyph } from '../../../ui/state/StateGlyph.tsx'
import { KIND_LOOK, type TaskKind, TONE_FILL } from '../../../ui/state/state-look.ts'
import { layoutGraph, stateOfGroup, type TaskGroup } from './layout-graph.ts'

const BOX = { width: 184, height: 52, gapX: 44, gapY: 12, edge: 12 }
const left = (column: number): number => BOX.edge + column * (BOX.width + BOX.gapX)
const top = (row: number): number => BOX.edge + row * (BOX.height + BOX.gapY)

const Shares = ({ group }: { group: TaskGroup }) => (
  <span aria-hidden className="flex h-1 gap-px overflow-hidden rounded-full bg-line">
    {(Object.entries(group.counts) as [TaskKind, number][]).map(([state, count]) => (
      <span key={state} className={TONE_FILL[KIND_LOOK[state].tone]} style={{ width: `${(count / group.keys.length) * 100}%` }} />
    ))}
  </span>
)

const describe = (group: TaskGroup): string =>
  (Object.entries(group.counts) as [TaskKind, number][])
    .map(([state, count]) => `${formatCount(count)} ${KIND_LOOK[state].word.toLowerCase()}`)
    .join(', ')

type Props = { tasks: TaskRunView[]; selected: string | null; onOpen: (group: TaskGroup) => void }

/** What came after what. A click on a box leads to its task runs. */
export const TaskGraphView = ({ tasks, selected, onOpen }: Props) => {
  const graph = useMemo(() => layoutGraph(tasks), [tasks])
  const placeOf = useMemo(() => new Map(graph.groups.map((group) => [group.name, group])), [graph])
  const size = { width: left(graph.columns) - BOX.gapX + BOX.edge, height: top(graph.rows) - BOX.gapY + BOX.edge }
  return (
    <section
      aria-label="Graph of the tasks"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
      tabIndex={0}
      className="thin-scroll max-h-[min(308px,36dvh)] overflow-auto outline-offset-[-2px]"
    >
      <div className="relative" style={size}>
        <svg aria-hidden width={size.width} height={size.height} className="absolute inset-0 text-line-strong">
          {graph.edges.map(({ from, to }) => {
            const [a, b] = [placeOf.get(from), placeOf.get(to)]
            if (!a || !b) return null
            const [x1, y1, x2, y2] = [left(a.column) + BOX.width, top(a.row) + BOX.height / 2, left(b.column), top(b.row) + BOX.height / 2]
            const bend = BOX.gapX / 2
            return (
              <path
                key={`${from}/${to}`}
                d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
                fill="none"
                stroke="currentColor"
                strokeWidth={1.25}
              />
            )
          })}
        </svg>
        {graph.groups.map((group) => {
          const look = KIND_LOOK[stateOfGroup(group)]
          const chosen = selected !== null && group.keys.length === 1 && group.keys[0] === selected
          return (
            <button
              key={group.name}
              type="button"
              title={describe(group)}
              aria-pressed={chosen}
              onClick={() => onOpen(group)}
              className={classNames(
                'absolute flex flex-col justify-center gap-1.5 rounded-md border px-2.5 text-left hover:border-control',
                chosen ? 'border-accent bg-selection' : 'border-line-strong bg-raised',
              )}
              style={{ left: left(group.column), top: top(group.row), width: BOX.width, height: BOX.height }}
            >
              <span className="flex w-full items-center gap-2">
                <StateGlyph look={look} label={look.word} />
                <span className="min-w-0 flex-1 truncate">{group.name}</span>
                {group.keys.length > 1 && <span className="text-xs text-faint">×{formatCount(group.keys.length)}</span>}
                {group.startMs !== null ? (
                  <Duration
                    startedAt={new Date(group.startMs)}
                    endedAt={group.endMs === null ? null : new Date(group.endMs)}
                    className="text-xs whitespace-nowrap text-muted"
                  />
                ) : (
                  group.counts.REUSED === group.keys.length && <span className="text-xs text-muted">reused</span>
                )}
              </span>
              <Shares group={group} />
            </button>
          )
        })}
      </div>
    </section>
  )
}
