'use client'

import { useQuery } from '@tanstack/react-query'
import { LIMIT_KINDS, type LimitKind } from '@towline/contract/limit-views'
import { RadioGroup } from 'radix-ui'
import { useTRPC } from '../../../trpc/trpc.ts'
import { Field } from '../../../ui/Field.tsx'
import { formatCount } from '../../../ui/format/format-number.ts'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { KIND_WORD } from '../limit-words.ts'
import type { SubjectDraft } from './subject-draft.ts'

type Props = { subject: SubjectDraft; onChange: (subject: SubjectDraft) => void; error: string | null }

const KIND_HINT: Record<LimitKind, string> = {
  tag: 'Every run and task of the workspace that carries it. It needs no set-up.',
  deployment: 'Runs of one deployment.',
  pool: 'Everything that runs in one work pool.',
  queue: 'One queue of a work pool.',
}

const TagChoice = ({ subject, onChange, error }: Props) => {
  const suggestions = useQuery(useTRPC().limits.suggestions.queryOptions())
  const shown = (suggestions.data ?? []).filter(({ tag }) => tag.toLowerCase().includes(subject.tag.trim().toLowerCase())).slice(0, 6)
  return (
    <div className="flex flex-col gap-2">
      <Field label="Tag" error={error} required>
        <Input
          value={subject.tag}
          onChange={(event) => onChange({ ...subject, tag: event.target.value })}
          mono
          autoFocus
          placeholder="payments-api"
        />
      </Field>
      {shown.length > 0 && (
        <p className="flex flex-wrap items-center gap-1.5 text-xs text-faint">
          Seen lately, without a limit:
          {shown.map(({ tag, runs, tasks }) => (
            <button
              key={tag}
              type="button"
              onClick={() => onChange({ ...subject, tag })}
              title={`${formatCount(runs)} runs, ${formatCount(tasks)} tasks`}
              className="inline-flex h-6 max-w-48 items-center rounded-md border border-line bg-sunken px-2 font-mono text-[11px] text-text hover:border-line-strong hover:bg-hover"
            >
              <span className="truncate">{tag}</span>
            </button>
          ))}
        </p>
      )}
    </div>
  )
}

const DeploymentChoice = ({ subject, onChange }: Props) => {
  const deployments = useQuery(useTRPC().deployments.list.queryOptions())
  return (
    <Field label="Deployment" required hint={deployments.data?.length === 0 ? 'No deployment is registered yet.' : undefined}>
      <Select
        value={subject.deployment || undefined}
        options={(deployments.data ?? []).map(({ name }) => ({ value: name, label: name }))}
        onChange={(deployment) => onChange({ ...subject, deployment })}
        placeholder="Choose a deployment"
      />
    </Field>
  )
}

const PoolChoice = ({ subject, onChange }: Props) => {
  const pools = useQuery(useTRPC().pools.list.queryOptions())
  return (
    <Field label="Work pool" required hint={pools.data?.length === 0 ? 'There is no work pool yet.' : undefined}>
      <Select
        value={subject.pool || undefined}
        options={(pools.data ?? []).map(({ name }) => ({ value: name, label: name }))}
        onChange={(pool) => onChange({ ...subject, pool, queue: '' })}
        placeholder="Choose a work pool"
      />
    </Field>
  )
}

const QueueChoice = (props: Props) => {
  const { subject, onChange } = props
  const pool = useQuery(useTRPC().pools.get.queryOptions({ name: subject.pool }, { enabled: subject.pool !== '' }))
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <PoolChoice {...props} />
      <Field label="Queue" required>
        <Select
          value={subject.queue || undefined}
          options={(pool.data?.queues ?? []).map(({ name }) => ({ value: name, label: name }))}
          onChange={(queue) => onChange({ ...subject, queue })}
          placeholder={subject.pool === '' ? 'Choose the pool first' : 'Choose a queue'}
        />
      </Field>
    </div>
  )
}

const CHOICE = { tag: TagChoice, deployment: DeploymentChoice, pool: PoolChoice, queue: QueueChoice }
const ORDER = [...LIMIT_KINDS].reverse()

/** What is bounded: the kind, and which of that kind. */
export const SubjectFields = (props: Props) => {
  const { subject, onChange } = props
  const Choice = CHOICE[subject.kind]
  return (
    <>
      <fieldset>
        <legend className="mb-1.5 font-medium">What it bounds</legend>
        <RadioGroup.Root
          value={subject.kind}
          onValueChange={(kind) => onChange({ ...subject, kind: kind as LimitKind })}
          aria-label="What it bounds"
          className="grid grid-cols-2 gap-2 sm:grid-cols-4"
        >
          {ORDER.map((kind) => (
            <RadioGroup.Item
              key={kind}
              value={kind}
              className="h-8 rounded-md border border-line-strong px-2 hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-selection data-[state=checked]:font-medium"
            >
              {KIND_WORD[kind]}
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
        <p className="mt-1.5 text-xs text-faint">{KIND_HINT[subject.kind]}</p>
      </fieldset>
      <Choice {...props} />
    </>
  )
}
