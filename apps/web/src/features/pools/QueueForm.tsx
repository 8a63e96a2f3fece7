'use client'

import { nameSchema } from '@towline/contract/ids'
import { type QueueView, queuePrioritySchema } from '@towline/contract/views'
import { useState } from 'react'
import { readError } from '../../trpc/read-error.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatSentence } from '../../ui/format/format-sentence.ts'
import { Input } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useQueueActions } from './use-queue-actions.ts'

const USUAL = 100

/** Makes a queue, or puts one elsewhere in the order. Mount it to open it. */
export const QueueForm = ({ pool, queue, onClose }: { pool: string; queue?: QueueView; onClose: () => void }) => {
  const { create, update } = useQueueActions(pool)
  const [name, setName] = useState(queue?.name ?? '')
  const [typed, setTyped] = useState(String(queue?.priority ?? USUAL))
  const priority = queuePrioritySchema.safeParse(/^\d+$/.test(typed.trim()) ? Number(typed) : Number.NaN)
  const refusal = name === '' ? undefined : nameSchema.safeParse(name).error?.issues[0]?.message
  const wrong = refusal === undefined ? null : formatSentence(refusal)
  const told = create.error ? readError(create.error) : null
  const ready = name !== '' && wrong === null && priority.success
  const submit = () => {
    if (!ready) return
    const options = { onSuccess: onClose }
    if (queue) update.mutate({ pool, name, priority: priority.data }, options)
    else create.mutate({ pool, name, priority: priority.data }, options)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={queue ? `Priority of ${queue.name}` : 'New queue'}
      description="Queues are served strictly in order: one gets a run only when nothing of those before it is ready."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="queue-form" variant="primary" busy={create.isPending || update.isPending} disabled={!ready}>
            {queue ? 'Save' : 'Create the queue'}
          </Button>
        </>
      }
    >
      <form
        id="queue-form"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {!queue && (
          <Field label="Name" hint="Deployments name it beside the pool." error={wrong} required>
            <Input value={name} onChange={(event) => setName(event.target.value)} mono autoFocus placeholder="urgent" />
          </Field>
        )}
        <Field
          label="Priority"
          hint={`1 is served first; the queue default has ${USUAL}.`}
          error={priority.success ? null : 'A whole number from 1 to 10,000.'}
          required
        >
          <Input value={typed} onChange={(event) => setTyped(event.target.value)} inputMode="numeric" autoFocus={Boolean(queue)} />
        </Field>
        {told && (
          <Notice tone="red" title="The queue was not created.">
            {told.message} {told.id && <span className="font-mono text-xs">({told.id})</span>}
          </Notice>
        )}
      </form>
    </Dialog>
  )
}
