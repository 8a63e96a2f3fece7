import type { RunDetail } from '@towline/contract/views'
import { Ban } from 'lucide-react'
import { formatLiveDuration } from '../../ui/format/format-duration.ts'
import { Notice } from '../../ui/Notice.tsx'
import { useNow } from '../../ui/use-now.ts'

/** The agent's silence is waited for so long after the grace. */
const CONFIRM_SECONDS = 60

/** Why it has not ended yet, and that it will, whatever becomes of its agent. */
export const CancellingNotice = ({ run }: { run: RunDetail }) => {
  const now = useNow()
  const agent = run.attempts.find((attempt) => attempt.number === run.attempt)?.agent.name ?? 'its agent'
  const killAt = (run.cancelRequestedAt ?? run.state.at).getTime() + run.graceSeconds * 1000
  const next =
    now < killAt ? (
      <>
        It has been sent SIGTERM and may tidy up; SIGKILL follows <span className="text-text">in {formatLiveDuration(killAt - now)}</span>.
      </>
    ) : (
      <>
        Its grace time is over, so it is killed. Without a word from {agent} the run ends{' '}
        <span className="text-text">in {formatLiveDuration(killAt + CONFIRM_SECONDS * 1000 - now)}</span>.
      </>
    )
  return (
    <Notice tone="grey" icon={<Ban size={16} />} title={`${run.state.message ?? 'Cancelled'}: ${agent} is stopping it`}>
      <p>
        {next} It keeps its slots until it has stopped, as it may still run. If {agent} is gone, the run ends with its lease.
      </p>
    </Notice>
  )
}
