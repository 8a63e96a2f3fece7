'use client'

import type { TaskRunView } from '@towline/contract/views'
import { X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatCount } from '../../ui/format/format-number.ts'
import { Section } from '../../ui/Section.tsx'
import type { TaskGroup } from './graph/layout-graph.ts'
import { TaskGraphView } from './graph/TaskGraphView.tsx'
import { TaskGantt } from './TaskGantt.tsx'

const VIEWS = [
  { id: 'time', label: 'Over time' },
  { id: 'graph', label: 'Graph' },
] as const

type Props = {
  tasks: TaskRunView[]
  earlier: TaskRunView[]
  ended: boolean
  selected: string | null
  onSelect: (key: string | null) => void
}

/** The task runs of one attempt, over time or as what came after what; `earlier` has those of all attempts. From a box of the graph one comes to its task runs over time. */
export const Tasks = ({ tasks, earlier, ended, selected, onSelect }: Props) => {
  const [view, setView] = useState<(typeof VIEWS)[number]['id']>('time')
  const [only, setOnly] = useState<string | null>(null)
  const done = useMemo(() => tasks.filter((task) => task.endedAt).length, [tasks])
  const reused = useMemo(() => tasks.filter((task) => task.reusedFrom !== null).length, [tasks])
  const shown = useMemo(() => (only === null ? tasks : tasks.filter((task) => task.name === only)), [tasks, only])
  const open = (group: TaskGroup) => {
    const [key] = group.keys
    if (group.keys.length === 1 && key) return onSelect(selected === key ? null : key)
    setOnly(group.name)
    setView('time')
  }
  return (
    <Section
      title="Tasks"
      flush
      aside={
        <>
          {only !== null && view === 'time' && (
            <Button size="sm" variant="chosen" icon={<X size={13} />} className="max-w-48" onClick={() => setOnly(null)}>
              <span className="truncate">{only}</span>
            </Button>
          )}
          <span>
            {formatCount(done)} of {formatCount(tasks.length)} ended
            {reused > 0 && `, ${formatCount(reused)} reused`}
          </span>
          <fieldset className="flex gap-0.5">
            <legend className="sr-only">How the tasks are shown</legend>
            {VIEWS.map(({ id, label }) => (
              <button
                key={id}
                type="button"
                aria-pressed={view === id}
                onClick={() => setView(id)}
                className={classNames('h-6 rounded-md px-2', view === id ? 'bg-selection text-accent' : 'text-muted hover:bg-hover')}
              >
                {label}
              </button>
            ))}
          </fieldset>
        </>
      }
    >
      {view === 'time' ? (
        <TaskGantt tasks={shown} earlier={earlier} ended={ended} selected={selected} onSelect={onSelect} />
      ) : (
        <TaskGraphView tasks={tasks} selected={selected} onOpen={open} />
      )}
    </Section>
  )
}
