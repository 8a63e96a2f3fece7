'use client'

import type { LimitView } from '@towline/contract/limit-views'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { plural } from '../../ui/format/format-number.ts'
import { KIND_WORD } from './limit-words.ts'
import { useLimitActions } from './use-limit-actions.ts'

type Props = { limit: LimitView; open: boolean; onOpenChange: (open: boolean) => void; onDeleted: () => void }

const holders = ({ holding }: LimitView): string =>
  holding === 0
    ? 'Nobody holds a slot.'
    : `${plural(holding, 'holder')} ${holding === 1 ? 'goes' : 'go'} on and ${holding === 1 ? 'keeps' : 'keep'} running.`

const waiters = ({ waiting }: LimitView): string =>
  waiting === 0
    ? 'Nobody waits.'
    : `${waiting === 1 ? 'The 1 waiter is' : `All ${plural(waiting, 'waiter')} are`} let in at once, as far as other limits allow.`

export const DeleteLimitDialog = ({ limit, open, onOpenChange, onDeleted }: Props) => {
  const { remove } = useLimitActions()
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete the limit of ${KIND_WORD[limit.kind].toLowerCase()} ${limit.name}?`}
      action="Delete the limit"
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(
          { limit: { id: limit.id } },
          {
            onSuccess: () => {
              onOpenChange(false)
              onDeleted()
            },
          },
        )
      }
    >
      <p>
        {holders(limit)} {waiters(limit)} Its history goes with it.
      </p>
    </ConfirmDialog>
  )
}
