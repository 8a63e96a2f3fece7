'use client'

import { COLLISIONS, type LimitKind } from '@towline/contract/limit-views'
import type { ReactNode } from 'react'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Switch } from '../../../ui/Switch.tsx'
import { COLLISION_WORD } from '../limit-words.ts'
import { type DraftErrors, type LimitDraft, WINDOW_UNITS, type WindowUnit } from './limit-draft.ts'

type Props = { kind: LimitKind; draft: LimitDraft; onChange: (draft: LimitDraft) => void; errors: DraftErrors | null; focus: boolean }

const Bound = ({
  on,
  onToggle,
  title,
  error,
  children,
}: {
  on: boolean
  onToggle: (on: boolean) => void
  title: string
  error: string | undefined
  children: ReactNode
}) => (
  <div className="flex min-w-0 flex-col gap-2 rounded-lg border border-line p-3">
    <div className="flex items-center justify-between gap-3">
      <span className="font-medium">{title}</span>
      <Switch checked={on} onChange={onToggle} label={title} />
    </div>
    <div className={on ? 'flex flex-wrap items-center gap-2 text-muted' : 'flex flex-wrap items-center gap-2 text-muted opacity-50'}>
      {children}
    </div>
    {error && (
      <p role="alert" className="text-xs text-red">
        {error}
      </p>
    )}
  </div>
)

const UNIT_OPTIONS = (Object.keys(WINDOW_UNITS) as WindowUnit[]).map((value) => ({ value, label: `${value}s` }))

export const BoundFields = ({ kind, draft, onChange, errors, focus }: Props) => {
  const set = (change: Partial<LimitDraft>) => onChange({ ...draft, ...change })
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Bound title="At the same time" on={draft.bounded} onToggle={(bounded) => set({ bounded })} error={errors?.slots}>
          <span className="w-24">
            <Input
              aria-label="Slots"
              autoFocus={focus && draft.bounded}
              inputMode="numeric"
              disabled={!draft.bounded}
              value={draft.slots}
              aria-invalid={Boolean(errors?.slots)}
              onChange={(event) => set({ slots: event.target.value })}
            />
          </span>
          slots<span className="text-xs text-faint">0 pauses: nothing new starts</span>
        </Bound>
        <Bound title="Starts over time" on={draft.rated} onToggle={(rated) => set({ rated })} error={errors?.rate}>
          <span className="w-16">
            <Input
              aria-label="Starts"
              inputMode="numeric"
              disabled={!draft.rated}
              value={draft.count}
              aria-invalid={Boolean(errors?.rate)}
              onChange={(event) => set({ count: event.target.value })}
            />
          </span>
          per
          <span className="w-12">
            <Input
              aria-label="Length of the window"
              inputMode="numeric"
              disabled={!draft.rated}
              value={draft.per}
              aria-invalid={Boolean(errors?.rate)}
              onChange={(event) => set({ per: event.target.value })}
            />
          </span>
          <Select
            label="Unit of the window"
            className="!w-24"
            value={draft.unit}
            options={UNIT_OPTIONS}
            onChange={(unit) => set({ unit, rated: true })}
          />
        </Bound>
      </div>
      {errors?.none && (
        <p role="alert" className="text-xs text-red">
          {errors.none}
        </p>
      )}
      {kind === 'deployment' && (
        <Field label="When a new run finds it full" hint={COLLISION_WORD[draft.collision].hint}>
          <Select
            value={draft.collision}
            options={COLLISIONS.map((value) => ({ value, ...COLLISION_WORD[value] }))}
            onChange={(collision) => set({ collision })}
          />
        </Field>
      )}
      <Field label="Description" aside="optional">
        <Input
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
          maxLength={2000}
          placeholder="Why it is what it is"
        />
      </Field>
    </>
  )
}
