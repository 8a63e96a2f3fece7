'use client'

import { useQuery } from '@tanstack/react-query'
import type { LimitRef, LimitView } from '@towline/contract/limit-views'
import { useState } from 'react'
import { toast } from 'sonner'
import { readError } from '../../../trpc/read-error.ts'
import { useTRPC } from '../../../trpc/trpc.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { plural } from '../../../ui/format/format-number.ts'
import { Notice } from '../../../ui/Notice.tsx'
import { CopyCommand } from '../../shell/CopyCommand.tsx'
import { setCommand } from '../limit-command.ts'
import { boundText, KIND_WORD, nameOfRef, refOf } from '../limit-words.ts'
import { useLimitActions } from '../use-limit-actions.ts'
import { BoundFields } from './BoundFields.tsx'
import { draftOf, inputOf, NEW_DRAFT, readDraft, type Setting } from './limit-draft.ts'
import { Rehearsal } from './Rehearsal.tsx'
import { SubjectFields } from './SubjectFields.tsx'
import { NEW_SUBJECT, readSubject, type SubjectDraft, subjectError } from './subject-draft.ts'

type Props = {
  onClose: () => void
  /** The limit to change. Without it a new one is made. */
  limit?: LimitView
  /** What a new limit bounds, when the place where it is made says so. */
  fixed?: LimitRef
  /** What the choice of a subject starts with. */
  start?: Partial<SubjectDraft>
  onSaved?: (limit: LimitView) => void
}

const titleOf = (limit: LimitView | undefined, fixed: LimitRef | undefined): string => {
  if (limit) return `Limit of ${KIND_WORD[limit.kind].toLowerCase()} ${limit.name}`
  return fixed && 'kind' in fixed ? `Limit ${KIND_WORD[fixed.kind].toLowerCase()} ${nameOfRef(fixed)}` : 'New limit'
}

/** What a change does to those who are there already. */
const Consequence = ({ limit, setting }: { limit: LimitView; setting: Setting }) => {
  if (setting.slots === null || setting.slots >= limit.used) return null
  const until =
    setting.slots === 0 ? 'it is raised again' : setting.slots === 1 ? 'none is in use' : `fewer than ${setting.slots} are in use`
  return (
    <p className="text-muted">
      {limit.used === 1 ? '1 slot is in use now. Its holder goes' : `${plural(limit.used, 'slot')} are in use now. Their holders go`} on;
      nothing new is let in until {until}.
    </p>
  )
}

/** Makes or changes a limit, and shows before it is saved what it would have done. Mount it to open it. */
export const LimitDialog = ({ onClose, limit, fixed, start, onSaved }: Props) => {
  const { set } = useLimitActions()
  const limits = useQuery(useTRPC().limits.list.queryOptions())
  const [subject, setSubject] = useState<SubjectDraft>({ ...NEW_SUBJECT, ...start })
  const [draft, setDraft] = useState(limit ? draftOf(limit) : NEW_DRAFT)
  const ref = limit ? refOf(limit) : (fixed ?? readSubject(subject))
  const kind = ref && 'kind' in ref ? ref.kind : subject.kind
  const existing = !limit && ref ? limits.data?.find((each) => each.kind === kind && each.name === nameOfRef(ref)) : undefined
  const { setting, errors } = readDraft(draft)
  const told = set.error ? readError(set.error) : null
  const ready = ref !== null && setting !== null && !existing

  const save = () => {
    if (!ref || !setting || existing) return
    set.mutate(inputOf(ref, draft, setting, limit ?? null), {
      onSuccess: (saved) => {
        toast.success(`${saved.name}: ${boundText(saved)}`)
        onSaved?.(saved)
        onClose()
      },
    })
  }

  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={titleOf(limit, fixed)}
      description="How much may happen at once, or how often it may start."
      footer={
        <>
          {ref && setting && (
            <span className="mr-auto -ml-3">
              <CopyCommand command={setCommand({ kind, name: nameOfRef(ref) }, setting)} />
            </span>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="limit-form" busy={set.isPending} disabled={!ready}>
            {limit ? 'Save the limit' : 'Create the limit'}
          </Button>
        </>
      }
    >
      <form
        id="limit-form"
        className="flex flex-col gap-4 pt-1"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        {!limit && !fixed && <SubjectFields subject={subject} onChange={setSubject} error={subjectError(subject)} />}
        {existing && (
          <Notice tone="amber" title={`${existing.name} has a limit already: ${boundText(existing)}`}>
            Open it in the list to change it.
          </Notice>
        )}
        <BoundFields kind={kind} draft={draft} onChange={setDraft} errors={errors} focus={Boolean(limit ?? fixed)} />
        {limit && setting && <Consequence limit={limit} setting={setting} />}
        {ref && setting && !existing ? (
          <Rehearsal limit={ref} setting={setting} />
        ) : (
          <p className="flex min-h-[196px] items-center justify-center rounded-lg border border-line border-dashed p-3 text-center text-faint">
            {ref
              ? 'Bounds that can be read are replayed here.'
              : 'Choose what it bounds, and see here what it would have done in the last 24 hours.'}
          </p>
        )}
        {told && (
          <Notice tone="red" title="The limit was not saved.">
            {told.message} {told.id && <span className="font-mono text-xs">({told.id})</span>}
          </Notice>
        )}
      </form>
    </Dialog>
  )
}
