'use client'

import { isFinal } from '@towline/contract/states'
import type { RunDetail } from '@towline/contract/views'
import { Ban, RotateCcw } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Duration } from '../../ui/Duration.tsx'
import { formatLiveDuration } from '../../ui/format/format-duration.ts'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { StateBadge } from '../../ui/state/StateBadge.tsx'
import { Time } from '../../ui/Time.tsx'
import { canCancel, canRetry } from '../runs/actions.ts'
import { useRunActions } from '../runs/use-run-actions.ts'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { useOfferActions } from '../shell/palette/page-actions.ts'
import { useWorkspace } from '../shell/workspace-context.ts'
import { RetryDialog } from './RetryDialog.tsx'
import { runCommand } from './run-command.ts'

const CancelText = ({ run }: { run: RunDetail }) =>
  run.state.type === 'SCHEDULED' ? (
    <p>It has not started; it ends at once and nothing runs.</p>
  ) : (
    <p>
      The agent sends it SIGTERM, and SIGKILL after {formatLiveDuration(run.graceSeconds * 1000)}. What it did not save is lost. It is not
      retried.
    </p>
  )

export const RunHeader = ({ run, onRetried }: { run: RunDetail; onRetried: (id: string) => void }) => {
  const { to } = useWorkspace()
  const { cancel, retry } = useRunActions()
  const [asking, setAsking] = useState<'cancel' | 'retry' | null>(null)
  const over = isFinal(run.state.type)
  useOfferActions([
    ...(canRetry(run.state)
      ? [{ id: 'retry run', text: `Retry ${run.name}…`, icon: <RotateCcw size={15} />, act: () => setAsking('retry') }]
      : []),
    ...(canCancel(run.state)
      ? [{ id: 'cancel stop run', text: `Cancel ${run.name}…`, icon: <Ban size={15} />, act: () => setAsking('cancel') }]
      : []),
  ])
  return (
    <>
      <PageHeader
        title={run.name}
        badge={<StateBadge state={run.state.name} variant="pill" />}
        description={
          <span className="flex flex-wrap items-center gap-x-2">
            <Link href={to(`/deployments/${run.deployment.name}`)} className="rounded-sm text-text hover:underline">
              {run.deployment.name}
            </Link>
            <span className="text-faint">v{run.versionNumber}</span>
            <span className="text-line-strong">·</span>
            <span>
              {run.startedAt ? 'started ' : 'created '}
              <Time at={run.startedAt ?? run.createdAt} />
            </span>
            {run.startedAt && (
              <>
                <span className="text-line-strong">·</span>
                <Duration startedAt={run.startedAt} endedAt={run.endedAt} className="text-text" />
              </>
            )}
            {run.attempt > 1 && (
              <>
                <span className="text-line-strong">·</span>
                <span>attempt {run.attempt}</span>
              </>
            )}
          </span>
        }
        actions={
          <>
            <CopyCommand command={runCommand(run)} call={{ procedure: 'runs.get', input: { id: run.id } }} />
            {over && <LinkButton href={to(`/deployments/${run.deployment.name}?run=1&like=${run.id}`)}>Run again…</LinkButton>}
            {canRetry(run.state) && (
              <Button variant="primary" icon={<RotateCcw size={14} />} busy={retry.isPending} onClick={() => setAsking('retry')}>
                Retry
              </Button>
            )}
            {canCancel(run.state) && (
              <Button variant="danger" icon={<Ban size={14} />} onClick={() => setAsking('cancel')}>
                Cancel
              </Button>
            )}
          </>
        }
      />
      <ConfirmDialog
        open={asking === 'cancel'}
        onOpenChange={(open) => setAsking(open ? 'cancel' : null)}
        title={`Cancel ${run.name}?`}
        action="Cancel the run"
        onConfirm={() => {
          cancel.mutate([run.id])
          setAsking(null)
        }}
      >
        <CancelText run={run} />
      </ConfirmDialog>
      <RetryDialog
        run={run}
        open={asking === 'retry'}
        onOpenChange={(open) => setAsking(open ? 'retry' : null)}
        onRetry={(mode) => {
          retry.mutate({ ids: [run.id], mode }, { onSuccess: (runs) => runs[0] && onRetried(runs[0].id) })
          setAsking(null)
        }}
      />
    </>
  )
}
