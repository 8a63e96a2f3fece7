import type { RunDetail } from '@towline/contract/views'
import { CircleX, Hourglass, Zap } from 'lucide-react'
import { formatAbsolute } from '../../ui/format/format-time.ts'
import { Notice } from '../../ui/Notice.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'
import { LaunchFailureNotice } from './Attempts.tsx'

/** What the reader should know first: why it waits, or why it failed and what to do. */
export const RunNotices = ({ run }: { run: RunDetail }) => {
  const last = run.attempts.reduce<RunDetail['attempts'][number] | null>(
    (latest, attempt) => (!latest || attempt.number > latest.number ? attempt : latest),
    null,
  )
  const look = STATE_LOOK[run.state.name]
  const bad = ['FAILED', 'CRASHED'].includes(run.state.type)
  return (
    <>
      {run.waiting && (
        <Notice
          tone={look.tone}
          icon={<Hourglass size={16} />}
          title={run.waiting.gate === 'not-due' ? `It is due ${formatAbsolute(run.dueAt)}` : run.waiting.text}
        >
          {run.waiting.remedy}
        </Notice>
      )}
      {last?.failure && run.state.type !== 'COMPLETED' ? (
        <LaunchFailureNotice failure={last.failure} />
      ) : (
        bad && (
          <Notice
            tone={look.tone}
            icon={run.state.type === 'CRASHED' ? <Zap size={16} /> : <CircleX size={16} />}
            title={
              run.state.type === 'CRASHED'
                ? 'The infrastructure died under this run'
                : run.state.name === 'TimedOut'
                  ? 'It took longer than its timeout'
                  : 'The code failed'
            }
          >
            <p className="break-words whitespace-pre-wrap">{run.state.message ?? 'It gave no reason; the last log lines may.'}</p>
            {last && (last.exitCode !== null || last.signal) && (
              <p className="text-xs text-faint">
                {last.signal ? `Ended by ${last.signal}` : `Exit code ${last.exitCode}`} on {last.agent.name}
              </p>
            )}
          </Notice>
        )
      )}
    </>
  )
}
