import type { LogLineView, RunDetail } from '@towline/contract/views'
import { CircleX, Zap } from 'lucide-react'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'
import { LaunchFailureNotice } from './Attempts.tsx'
import { lastWords } from './last-words.ts'
import { WhyPanel } from './WhyPanel.tsx'

const titleOf = (run: RunDetail): string => {
  if (run.state.type === 'CRASHED') return 'The infrastructure died under this run'
  return run.state.name === 'TimedOut' ? 'It took longer than its timeout' : 'The code failed'
}

const FailureNotice = ({ run, lines }: { run: RunDetail; lines: LogLineView[] }) => {
  const last = run.attempts.find((attempt) => attempt.number === run.attempt)
  const words = lastWords(lines, run.attempt)
  return (
    <Notice
      tone={STATE_LOOK[run.state.name].tone}
      icon={run.state.type === 'CRASHED' ? <Zap size={16} /> : <CircleX size={16} />}
      title={titleOf(run)}
    >
      <p className="break-words whitespace-pre-wrap">
        {run.state.message ?? 'It gave no reason; the last log lines may.'}
        {last && <span className="text-faint">{` (${last.signal ? `${last.signal}, ` : ''}on ${last.agent.name})`}</span>}
      </p>
      {words.length > 0 && (
        <div className="mt-2">
          <CodeBlock code={words.join('\n')} label="last words" maxHeight={120} />
        </div>
      )}
    </Notice>
  )
}

/** What the reader should know first: why it waits, or why it failed and what to do. */
export const RunNotices = ({ run, lines }: { run: RunDetail; lines: LogLineView[] }) => {
  const failure = run.attempts.find((attempt) => attempt.number === run.attempt)?.failure
  const bad = run.state.type === 'FAILED' || run.state.type === 'CRASHED'
  return (
    <>
      {run.waiting && <WhyPanel run={run} />}
      {failure && run.state.type !== 'COMPLETED' ? (
        <LaunchFailureNotice failure={failure} />
      ) : (
        bad && <FailureNotice run={run} lines={lines} />
      )}
    </>
  )
}
