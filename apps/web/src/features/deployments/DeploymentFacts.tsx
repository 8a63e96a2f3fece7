import type { DeploymentDetail } from '@towline/contract/views'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { formatDuration } from '../../ui/format/format-duration.ts'
import { RunBars } from '../../ui/RunBars.tsx'
import { LimitField } from '../limits/LimitField.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { recentFacts } from './recent-facts.ts'

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <p className="mb-1 text-xs text-faint">{label}</p>
    <div className="flex min-h-6 items-center">{children}</div>
  </div>
)

/** How it has been doing, where it runs and what bounds it, at a glance. */
export const DeploymentFacts = ({ deployment }: { deployment: DeploymentDetail }) => {
  const { to } = useWorkspace()
  const { ended, completed, medianMs, lastMs } = recentFacts(deployment.recent)
  return (
    <div className="flex flex-wrap items-end gap-x-10 gap-y-3">
      <Fact label="Recent runs">
        <RunBars runs={deployment.recent} href={(id) => to(`/runs/${id}`)} />
      </Fact>
      {ended > 0 && (
        <Fact label="Completed">
          <span className={completed < ended ? 'text-red' : undefined}>
            {completed} of {ended}
          </span>
        </Fact>
      )}
      {medianMs !== null && (
        <Fact label="Takes usually">
          {formatDuration(medianMs)}
          {lastMs !== null && lastMs > 2 * medianMs && <span className="ml-1.5 text-amber">last {formatDuration(lastMs)}</span>}
        </Fact>
      )}
      <Fact label="Work pool">
        <Link href={to(`/pools/${deployment.poolName}`)} className="rounded-sm hover:underline">
          {deployment.poolName}
        </Link>
        {deployment.queueName !== 'default' && <span className="text-faint">&nbsp;/ {deployment.queueName}</span>}
      </Fact>
      <Fact label="Limit">
        <LimitField subject={{ kind: 'deployment', deployment: deployment.name }} />
      </Fact>
    </div>
  )
}
