import type { LogLineView } from '@towline/contract/views'

/** Geist Mono at 12 px; the columns before the text with their gaps, in px. */
const CHARACTER = 7.2
const TEXT_LINE = 20
const PADDING = 2
const SIDES = 24
const TIME = 104
const LEVEL = 56
const LONGEST_TASK = 160
const GAP = 12

/**
 * The height of a row before it is drawn. Rows are measured when they are seen, and each that is off moves all below it: with 100,000
 * wrapped lines guessed at one line each, scrolling meant a walk over all of them for every frame.
 */
export const estimateLine = (line: LogLineView, width: number, wrap: boolean): number => {
  const breaks = line.text.includes('\n') ? line.text.split('\n') : null
  if (!wrap || width <= 0) return (breaks?.length ?? 1) * TEXT_LINE + PADDING
  const task = line.task ? Math.min(LONGEST_TASK, line.task.length * CHARACTER) + GAP : 0
  const columns = Math.max(10, Math.floor((width - SIDES - TIME - LEVEL - task) / CHARACTER))
  const rowsOf = (text: string): number => Math.max(1, Math.ceil(text.length / columns))
  const rows = breaks ? breaks.reduce((sum, text) => sum + rowsOf(text), 0) : rowsOf(line.text)
  return rows * TEXT_LINE + PADDING
}
