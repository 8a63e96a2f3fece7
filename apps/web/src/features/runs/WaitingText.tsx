import type { RunSummary } from '@towline/contract/views'
import { Time } from '../../ui/Time.tsx'

/** Why a run is not running, in one line, with the remedy on hover; or what its state says. */
export const WaitingText = ({ run }: { run: RunSummary }) => {
  if (run.waiting?.gate === 'not-due') {
    return (
      <span className="relative z-10 block w-fit text-xs text-faint">
        {run.state.name === 'AwaitingRetry' ? `Attempt ${run.attempt + 1} due` : 'Due'} <Time at={run.dueAt} className="" />
      </span>
    )
  }
  const text = run.waiting?.text ?? (run.state.type === 'COMPLETED' || run.state.type === 'RUNNING' ? null : run.state.message)
  if (!text) return null
  return (
    <span className="block max-w-full truncate text-xs text-faint" title={run.waiting?.remedy ? `${text} ${run.waiting.remedy}` : text}>
      {text}
    </span>
  )
}
