import { LAUNCH_REMEDIES } from '@towline/contract/problems'
import type { AttemptView } from '@towline/contract/views'
import { TriangleAlert } from 'lucide-react'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { formatDuration } from '../../ui/format/format-duration.ts'
import { type Fact, KeyValue } from '../../ui/KeyValue.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'
import { OUTCOME_WORDS } from './problem-words.ts'

const between = (from: Date | null, to: Date | null): string | null => (from && to ? formatDuration(to.getTime() - from.getTime()) : null)

const factsOf = (attempt: AttemptView): Fact[] =>
  [
    { label: 'Agent', value: attempt.agent.name },
    { label: 'Claimed', value: <Time at={attempt.claimedAt} /> },
    { label: 'Confirmed in', value: between(attempt.claimedAt, attempt.confirmedAt) },
    { label: 'Launched in', value: between(attempt.confirmedAt ?? attempt.claimedAt, attempt.startedAt) },
    { label: 'Ran for', value: between(attempt.startedAt, attempt.endedAt) },
    { label: 'Outcome', value: attempt.outcome && (OUTCOME_WORDS[attempt.outcome] ?? attempt.outcome) },
    { label: 'Exit code', value: attempt.exitCode === null ? null : String(attempt.exitCode) },
    { label: 'Signal', value: attempt.signal },
    ...Object.entries(attempt.infrastructure).map(([label, value]) => ({
      label,
      value: <span className="font-mono text-xs break-all">{String(value)}</span>,
    })),
  ].filter((fact) => fact.value !== null)

const LaunchFailureNotice = ({ failure }: { failure: NonNullable<AttemptView['failure']> }) => (
  <Notice tone="orange" icon={<TriangleAlert size={16} />} title={`${failure.reason}: ${failure.message}`}>
    <p className="mb-2">{LAUNCH_REMEDIES[failure.reason]}</p>
    {failure.evidence && <CodeBlock code={failure.evidence} label="evidence" wrap maxHeight={160} />}
  </Notice>
)

/** Each launch of the run: who ran it, on what, how long each step took, and why it failed. */
export const Attempts = ({ attempts }: { attempts: AttemptView[] }) => (
  <div className="flex flex-col gap-4">
    {[...attempts]
      .sort((a, b) => b.number - a.number)
      .map((attempt) => (
        <section key={attempt.number} className="flex flex-col gap-2">
          {attempts.length > 1 && <h3 className="font-medium">Attempt {attempt.number}</h3>}
          <KeyValue facts={factsOf(attempt)} />
          {attempt.failure && <LaunchFailureNotice failure={attempt.failure} />}
        </section>
      ))}
    {attempts.length === 0 && <p className="text-faint">No agent has taken it yet.</p>}
  </div>
)
