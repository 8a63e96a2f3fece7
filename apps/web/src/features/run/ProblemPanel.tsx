import type { ProblemReason } from '@towline/contract/problems'
import { isFinal } from '@towline/contract/states'
import type { LogLineView, RunDetail } from '@towline/contract/views'
import { Ban, CircleX, Clock3, TriangleAlert, Zap } from 'lucide-react'
import type { ReactNode } from 'react'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { plural } from '../../ui/format/format-number.ts'
import { Notice } from '../../ui/Notice.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'
import { lastWords } from './last-words.ts'
import { problemTitle } from './problem-words.ts'

const iconOf = (reason: ProblemReason): ReactNode => {
  if (reason === 'failed') return <CircleX size={16} />
  if (reason === 'timed-out') return <Clock3 size={16} />
  if (reason === 'launch' || reason === 'never-started') return <TriangleAlert size={16} />
  return reason === 'cancelled' || reason === 'refused' ? <Ban size={16} /> : <Zap size={16} />
}

const Answer = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <dt className="text-xs leading-5 text-faint max-sm:mt-1.5">{label}</dt>
    <dd className="min-w-0 break-words whitespace-pre-line text-text">{children}</dd>
  </>
)

/** The last bad end: what happened, what was done about it, what the reader can do. Of a run that goes on it is only told, not shouted. */
export const ProblemPanel = ({ run, lines }: { run: RunDetail; lines: LogLineView[] }) => {
  const { problem } = run
  if (!problem) return null
  const attempt = run.attempts.find((one) => one.number === problem.attempt)
  const words = problem.reason === 'cancelled' || problem.reason === 'refused' ? [] : lastWords(lines, problem.attempt)
  const over = isFinal(run.state.type)
  return (
    <Notice tone={over ? STATE_LOOK[run.state.name].tone : 'amber'} icon={iconOf(problem.reason)} title={problemTitle(problem, over)}>
      <dl className="mt-1.5 grid gap-x-4 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)]">
        <Answer label="What happened">
          {problem.what}
          {attempt && <span className="text-faint">{` Attempt ${problem.attempt}, on the agent ${attempt.agent.name}.`}</span>}
        </Answer>
        {problem.done && <Answer label={problem.reason === 'cancelled' ? 'How it ended' : 'What was done'}>{problem.done}</Answer>}
        {problem.remedy && (
          <Answer label="What you can do">
            {problem.remedy}
            {over && !!run.reusable?.tasks && ` A retry from failed reuses ${plural(run.reusable.tasks, 'finished task')}.`}
          </Answer>
        )}
        {attempt?.failure?.evidence && (
          <Answer label="Evidence">
            <CodeBlock code={attempt.failure.evidence} label="evidence" wrap maxHeight={160} />
          </Answer>
        )}
        {words.length > 0 && (
          <Answer label="Last words">
            <CodeBlock code={words.join('\n')} label="last words" wrap maxHeight={120} />
          </Answer>
        )}
      </dl>
    </Notice>
  )
}
