import type { RunDetail } from '@towline/contract/views'
import { Ban } from 'lucide-react'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'

/** Why it has not ended yet, and that it will, whatever becomes of its agent. */
export const CancellingNotice = ({ run }: { run: RunDetail }) => {
  const agent = run.attempts.find((attempt) => attempt.number === run.attempt)?.agent.name ?? 'Its agent'
  return (
    <Notice tone="grey" icon={<Ban size={16} />} title={`${run.state.message ?? 'Cancelled'}: ${agent} is stopping it`}>
      <p>
        {run.cancelRequestedAt && (
          <>
            Asked for <Time at={run.cancelRequestedAt} />.{' '}
          </>
        )}
        It gets SIGTERM, and SIGKILL when its grace time is over. If {agent} does not answer, it ends with its lease; if it does not say
        that the run has ended, a minute after the grace. Until then it keeps its slots, as it may still run.
      </p>
    </Notice>
  )
}
