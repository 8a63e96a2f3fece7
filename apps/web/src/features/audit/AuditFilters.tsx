'use client'

import { AUDIT_ACTIONS, AUDIT_SUBJECTS, type AuditFilter } from '@towline/contract/audit'
import { Box, User } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Input } from '../../ui/Input.tsx'
import { Select } from '../../ui/Select.tsx'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { filterToCommand, isEmptyFilter } from './audit-filter.ts'

type Props = { filter: AuditFilter; onChange: (filter: AuditFilter) => void }

const ANY = '*'
const TYPING_MS = 250

type BoxProps = {
  label: string
  icon: ReactNode
  placeholder: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}

const TextFilter = ({ label, icon, placeholder, value = '', onChange }: BoxProps) => {
  const [text, setText] = useState(value)
  // The address can change under us (back button, a click on a name): then the box follows it.
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim() || undefined), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <div className="w-full sm:w-52">
      <Input
        icon={icon}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        placeholder={placeholder}
        aria-label={label}
      />
    </div>
  )
}

const options = [
  { value: ANY, label: 'All changes' },
  ...AUDIT_SUBJECTS.flatMap((noun) => {
    const own = AUDIT_ACTIONS.filter((action) => action.startsWith(`${noun}.`))
    return [
      ...(own.length > 1 ? [{ value: noun as string, label: `${noun}: all` }] : []),
      ...own.map((action) => ({ value: action as string, label: action as string })),
    ]
  }),
]

export const AuditFilters = ({ filter, onChange }: Props) => {
  const { action } = filter
  const known = action === undefined || options.some((option) => option.value === action)
  return (
    <div className="flex flex-wrap items-center gap-2">
      <TextFilter
        label="Who"
        icon={<User size={14} />}
        placeholder="Person or key"
        value={filter.actor}
        onChange={(actor) => onChange({ ...filter, actor })}
      />
      <Select
        label="What was done"
        className="!w-auto max-w-52"
        value={action ?? ANY}
        onChange={(value) => onChange({ ...filter, action: value === ANY ? undefined : value })}
        options={known ? options : [...options, { value: action, label: action }]}
      />
      <TextFilter
        label="To what"
        icon={<Box size={14} />}
        placeholder="Name, or pool:eu"
        value={filter.subject}
        onChange={(subject) => onChange({ ...filter, subject })}
      />
      {!isEmptyFilter(filter) && (
        <Button variant="ghost" onClick={() => onChange({})}>
          Clear
        </Button>
      )}
      <div className="ml-auto">
        <CopyCommand command={filterToCommand(filter)} />
      </div>
    </div>
  )
}
