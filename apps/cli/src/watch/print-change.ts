import { glyphOf, taskStateName } from '@towline/contract/glyphs'
import type { LogLineView, RunChange, RunEventView, TaskRunView } from '@towline/contract/views'
import { clockText, durationText, stateText } from '../output/format.ts'
import type { Io } from '../output/io.ts'

const LEVEL_SGR = { debug: '90', info: '36', warn: '33', error: '31' } as const

export const logText = (io: Io, line: LogLineView, indent = ''): string => {
  const level = line.level ?? (line.stream === 'stderr' ? 'error' : 'info')
  const mark = line.level ? io.paint(line.level.padEnd(5), LEVEL_SGR[level]) : io.dim(line.stream === 'stderr' ? 'err  ' : 'out  ')
  const task = line.task ? `${io.dim(line.task)} ` : ''
  return `${io.dim(clockText(line.at))}  ${indent}${mark} ${task}${line.text.replaceAll('\n', `\n${' '.repeat(16 + indent.length)}`)}`
}

const taskText = (io: Io, task: TaskRunView): string => {
  const name = taskStateName(task)
  const { glyph, sgr } = glyphOf(name)
  const took = task.startedAt && task.endedAt ? `  ${durationText(task.endedAt.getTime() - task.startedAt.getTime())}` : ''
  const tries = task.try > 1 ? `  try ${task.try}` : ''
  const from = task.reusedFrom ? `  reused from attempt ${task.reusedFrom}` : ''
  const told = task.state === 'CANCELLED' || task.state === 'PENDING'
  const why = told && task.message ? `: ${task.message.split('\n')[0]}` : ''
  return `  ${io.paint(glyph, sgr)} ${task.key}  ${name}${took}${from}${tries}${why}`
}

/** Of a text of many lines the first says what happened, and the last what was done about it. */
const inOneLine = (message: string): string => {
  const lines = message.split('\n')
  return lines.length === 1 ? message : `${lines[0]} … ${lines.at(-1)}`
}

/** The start of a first try is known; a later try, and the wait for it, is told when it is seen. */
const timeOf = (task: TaskRunView): Date => {
  if (task.endedAt) return task.endedAt
  if (task.try > 1 || task.state === 'RETRYING') return new Date()
  return task.startedAt ?? task.createdAt
}

interface Printed {
  at: number
  order: number
  text: string
}

/** Prints each state once, tasks beneath their run and lines beneath both, in the order in which they happened. */
export const createChangePrinter = (io: Io, print: (text: string) => void) => {
  const shownTasks = new Map<string, string>()
  const eventText = (event: RunEventView): string | null => {
    const why = event.message ? `  ${inOneLine(event.message)}` : ''
    if (event.kind === 'state' && event.state) return `${stateText(io, event.state)}${why}`
    return event.kind === 'note' && why ? `${io.dim('·')}${why}` : null
  }
  return ({ events, tasks, logs }: RunChange): void => {
    const lines: Printed[] = []
    for (const event of events) {
      const text = eventText(event)
      if (text)
        lines.push({ at: event.at.getTime(), order: event.state === 'Running' ? 0 : 3, text: `${io.dim(clockText(event.at))}  ${text}` })
    }
    for (const task of tasks) {
      const key = `${task.attempt}/${task.key}`
      const state = `${task.state} ${task.try}`
      if (shownTasks.get(key) === state) continue
      shownTasks.set(key, state)
      const at = timeOf(task)
      lines.push({ at: at.getTime(), order: task.endedAt ? 2 : 1, text: `${io.dim(clockText(at))}  ${taskText(io, task)}` })
    }
    for (const line of logs) lines.push({ at: line.at.getTime(), order: 1, text: logText(io, line, '    ') })
    lines.sort((a, b) => a.at - b.at || a.order - b.order)
    for (const { text } of lines) print(text)
  }
}
