import type { RunSummary } from '@towline/contract/views'
import { formatAbsolute } from '../../ui/format/format-time.ts'

const dueText = (run: RunSummary): string =>
  `${run.state.name === 'AwaitingRetry' ? `Attempt ${run.attempt + 1} due` : 'Due'} ${formatAbsolute(run.dueAt)}`

/** Why a run is not running, in one line, with the remedy on hover; or what its state says. */
export const WaitingText = ({ run }: { run: RunSummary }) => {
  const due = run.waiting?.gate === 'not-due' ? dueText(run) : null
  const text = due ?? run.waiting?.text ?? (run.state.type === 'COMPLETED' || run.state.type === 'RUNNING' ? null : run.state.message)
  if (!text) return null
  return (
    <span className="block max-w-full truncate text-xs text-faint" title={run.waiting?.remedy ? `${text} ${run.waiting.remedy}` : text}>
      {text}
    </span>
  )
}
