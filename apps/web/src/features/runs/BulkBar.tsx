'use client'

import type { RunSummary } from '@towline/contract/views'
import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { plural } from '../../ui/format/format-number.ts'
import { canCancel, canRetry } from './actions.ts'
import { useRunActions } from './use-run-actions.ts'

/** What can be done with the selected runs; it takes the place of nothing, so the list does not jump. */
export const BulkBar = ({ runs, onClear }: { runs: RunSummary[]; onClear: () => void }) => {
  const [confirming, setConfirming] = useState(false)
  const { cancel, retry } = useRunActions()
  const cancellable = runs.filter((run) => canCancel(run.state))
  const retryable = runs.filter((run) => canRetry(run.state))
  if (runs.length === 0) return null
  return (
    <div className="fixed inset-x-3 bottom-4 z-30 mx-auto flex w-fit max-w-full animate-appear items-center gap-2 rounded-lg border border-line-strong bg-raised p-1.5 pl-3">
      <span className="mr-2 font-medium whitespace-nowrap">{plural(runs.length, 'run')}</span>
      <Button
        size="sm"
        disabled={retryable.length === 0}
        busy={retry.isPending}
        onClick={() => retry.mutate({ ids: retryable.map((run) => run.id) }, { onSuccess: onClear })}
      >
        Retry {retryable.length || ''}
      </Button>
      <Button size="sm" variant="danger" disabled={cancellable.length === 0} onClick={() => setConfirming(true)}>
        Cancel {cancellable.length || ''}
      </Button>
      <Button size="sm" variant="ghost" onClick={onClear}>
        Clear
      </Button>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={`Cancel ${plural(cancellable.length, 'run')}?`}
        action={`Cancel ${plural(cancellable.length, 'run')}`}
        onConfirm={() => {
          cancel.mutate(cancellable.map((run) => run.id))
          setConfirming(false)
          onClear()
        }}
      >
        Runs that wait end at once. Running ones get SIGTERM, and SIGKILL when their grace time is over; what they did not save is lost.
      </ConfirmDialog>
    </div>
  )
}
