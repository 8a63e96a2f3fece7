'use client'

import type { RunFilter } from '@towline/contract/views'
import { ListFilter } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'

type Choice = NonNullable<RunFilter['states']>[number]

const GROUPS: { id: Choice; label: string }[] = [
  { id: 'active', label: 'Running now' },
  { id: 'waiting', label: 'Waiting to run' },
  { id: 'problem', label: 'Problems' },
  { id: 'finished', label: 'Finished' },
]

const STATES = [
  'Scheduled',
  'Late',
  'AwaitingRetry',
  'AwaitingSlot',
  'Launching',
  'Running',
  'Completed',
  'Failed',
  'TimedOut',
  'Crashed',
  'Cancelling',
  'Cancelled',
] as const satisfies Choice[]

const nameOf = (choice: Choice): string =>
  GROUPS.find((group) => group.id === choice)?.label ?? STATE_LOOK[choice as keyof typeof STATE_LOOK]?.word ?? choice

type Props = { value: Choice[]; onChange: (states: Choice[]) => void }

export const StateFilter = ({ value, onChange }: Props) => {
  const toggle = (choice: Choice) => onChange(value.includes(choice) ? value.filter((other) => other !== choice) : [...value, choice])
  const label = value.length === 0 ? 'State' : value.length === 1 && value[0] ? nameOf(value[0]) : `${value.length} states`
  const row = (choice: Choice) => (
    <div key={choice} className="flex h-8 items-center gap-2.5 rounded-md px-2 hover:bg-hover">
      <Checkbox checked={value.includes(choice)} onChange={() => toggle(choice)} label={nameOf(choice)} />
      <button type="button" tabIndex={-1} onClick={() => toggle(choice)} className="flex flex-1 items-center gap-2 text-left">
        {choice in STATE_LOOK && <StateGlyph look={STATE_LOOK[choice as keyof typeof STATE_LOOK]} />}
        {nameOf(choice)}
      </button>
    </div>
  )
  return (
    <Popover
      trigger={
        <Button icon={<ListFilter size={14} />} variant={value.length > 0 ? 'chosen' : 'secondary'}>
          {label}
        </Button>
      }
    >
      <div className="w-52">
        {GROUPS.map((group) => row(group.id))}
        <div className="my-1 h-px bg-line" />
        {STATES.map(row)}
      </div>
    </Popover>
  )
}
