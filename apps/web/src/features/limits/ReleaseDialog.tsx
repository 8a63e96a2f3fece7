'use client'

import type { LimitHolder } from '@towline/contract/limit-views'
import { useState } from 'react'
import { readError } from '../../trpc/read-error.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { plural } from '../../ui/format/format-number.ts'
import { Input } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useLimitActions } from './use-limit-actions.ts'

type Props = { limitId: string; holder: LimitHolder; onClose: () => void }

/** Frees a slot by stopping its holder. Never by taking the slot from something that goes on: then two would work at once. */
export const ReleaseDialog = ({ limitId, holder, onClose }: Props) => {
  const { release } = useLimitActions()
  const [reason, setReason] = useState('')
  const told = release.error ? readError(release.error) : null
  const ready = reason.trim() !== ''
  const submit = () => release.mutate({ limit: { id: limitId }, slotId: holder.slotId, reason: reason.trim() }, { onSuccess: onClose })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Release the slot of ${holder.run.name}?`}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="danger" disabled={!ready} busy={release.isPending} onClick={submit}>
            Stop it and release
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) submit()
        }}
      >
        <p className="text-muted">
          {holder.taskKey ? (
            <>
              The task <span className="font-mono text-xs text-text">{holder.taskKey}</span> holds it, so its whole run is told and stopped:
            </>
          ) : (
            'The holder is told and stopped:'
          )}{' '}
          its agent sends SIGTERM, and SIGKILL after the grace time. What it did not save is lost and it is not retried. Only then{' '}
          {holder.weight + holder.lent === 1 ? 'its slot goes' : `its ${plural(holder.weight + holder.lent, 'slot')} go`} to the next in
          line, so the limit is never exceeded.
        </p>
        <Field label="Reason" hint="The timeline of the run shows it, with your name." required>
          <Input
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            maxLength={500}
            autoFocus
            placeholder="It hangs since the upgrade"
          />
        </Field>
        {told && (
          <Notice tone="red" title="The slot was not released.">
            {told.message} {told.id && <span className="font-mono text-xs">({told.id})</span>}
          </Notice>
        )}
      </form>
    </Dialog>
  )
}
