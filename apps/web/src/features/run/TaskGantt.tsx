'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import type { TaskRunView } from '@towline/contract/views'
import { useMemo, useRef } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { Duration } from '../../ui/Duration.tsx'
import { formatDuration } from '../../ui/format/format-duration.ts'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import { TONE_FILL, TONE_TEXT, taskLook } from '../../ui/state/state-look.ts'
import { useNow } from '../../ui/use-now.ts'
import { placeTasks, type TaskBar } from './task-bars.ts'

const ROW = 28

type Props = {
  tasks: TaskRunView[]
  earlier: TaskRunView[]
  ended: boolean
  selected: string | null
  onSelect: (key: string | null) => void
}

const reusedText = (task: TaskRunView): string | null => (task.reusedFrom === null ? null : `reused from attempt ${task.reusedFrom}`)

const describe = (task: TaskRunView): string =>
  [
    `${task.key}: ${taskLook(task).word}`,
    reusedText(task),
    task.try > 1 && `try ${task.try}`,
    task.dependsOn.length > 0 && `after ${task.dependsOn.join(', ')}`,
    task.tags.length > 0 && `tags ${task.tags.join(', ')}`,
    task.waiting?.text,
    task.message,
    task.notReusable && `a retry from failed runs it again: ${task.notReusable}`,
  ]
    .filter(Boolean)
    .join('\n')

const Row = ({ bar, selected, onSelect }: { bar: TaskBar; selected: boolean; onSelect: () => void }) => {
  const { task } = bar
  const look = taskLook(task)
  const note =
    task.waiting?.text ??
    (task.reusedFrom !== null && (
      <>
        <span className="max-sm:hidden">reused </span>from attempt {task.reusedFrom}
      </>
    ))
  return (
    <button
      type="button"
      onClick={onSelect}
      aria-pressed={selected}
      title={describe(task)}
      className={classNames('group flex h-7 w-full items-center gap-3 px-3 text-left', selected ? 'bg-selection' : 'hover:bg-hover')}
    >
      <span className="flex w-[38%] min-w-0 shrink-0 items-center gap-2 sm:w-64">
        <StateGlyph look={look} label={look.word} />
        <span className="max-w-[75%] shrink-0 truncate">{task.key}</span>
        {task.try > 1 && <span className="shrink-0 text-xs text-faint">×{task.try}</span>}
        {task.dependsOn.length > 0 && (
          <span className="min-w-0 truncate text-xs text-faint max-lg:hidden">after {task.dependsOn.join(', ')}</span>
        )}
      </span>
      <span className="relative h-full min-w-0 flex-1">
        <span
          aria-hidden
          className="absolute top-1/2 h-px bg-line-strong"
          style={{ left: `${bar.waitLeft}%`, width: `${bar.waitWidth}%` }}
        />
        {note && (
          <span className="absolute inset-y-0 left-0 flex max-w-full items-center">
            <span
              className={classNames(
                'truncate pr-2 text-xs',
                TONE_TEXT[look.tone],
                selected ? 'bg-selection' : 'bg-ground group-hover:bg-hover',
              )}
            >
              {note}
            </span>
          </span>
        )}
        {task.startedAt && (
          <span
            aria-hidden
            className={classNames('absolute top-2 h-3 min-w-[3px] rounded-[3px]', TONE_FILL[look.tone], !task.endedAt && 'opacity-80')}
            style={{ left: `${Math.min(bar.left, 99.4)}%`, width: `${bar.width}%` }}
          />
        )}
      </span>
      <Duration startedAt={task.startedAt} endedAt={task.endedAt} className="w-16 shrink-0 text-right text-xs text-muted" />
    </button>
  )
}

/** The task runs of one attempt over time. A click filters the logs to that task. Virtual: a run may have 10,000 of them. */
export const TaskGantt = ({ tasks, earlier, ended, selected, onSelect }: Props) => {
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const moving = !ended && tasks.some((task) => !task.endedAt)
  const { bars, startMs, endMs } = useMemo(() => placeTasks(tasks, earlier, moving ? now : 0), [tasks, earlier, moving, now])
  const virtual = useVirtualizer({ count: bars.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 })
  return (
    <div>
      <div className="flex h-7 items-center gap-3 border-b border-line px-3 text-xs text-faint">
        <span className="w-[38%] shrink-0 sm:w-64">Task</span>
        <span className="flex flex-1 justify-between">
          <span>0</span>
          <span className="max-sm:hidden">{formatDuration((endMs - startMs) / 2)}</span>
          <span>{formatDuration(endMs - startMs)}</span>
        </span>
        <span className="w-16 shrink-0 text-right">Took</span>
      </div>
      <section ref={scroller} aria-label="Task runs" className="thin-scroll max-h-[min(280px,32dvh)] overflow-y-auto">
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const bar = bars[item.index]
            if (!bar) return null
            const { key } = bar.task
            return (
              <div key={key} className="absolute inset-x-0" style={{ transform: `translateY(${item.start}px)` }}>
                <Row bar={bar} selected={selected === key} onSelect={() => onSelect(selected === key ? null : key)} />
              </div>
            )
          })}
        </div>
      </section>
    </div>
  )
}
