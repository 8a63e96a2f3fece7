'use client'

import { ArrowDownToLine, Download, Pause, Search, WrapText, X } from 'lucide-react'
import type { RefObject } from 'react'
import { Button } from '../../ui/Button.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Input } from '../../ui/Input.tsx'
import { Select } from '../../ui/Select.tsx'
import type { LogFilter } from './filter-logs.ts'

type Props = {
  filter: LogFilter
  onFilter: (filter: LogFilter) => void
  attempts: number[]
  follow: boolean
  onFollow: () => void
  wrap: boolean
  onWrap: () => void
  onDownload: () => void
  live: boolean
  /** How many lines are here, in words. */
  count: string
  searchRef: RefObject<HTMLInputElement | null>
}

const STREAMS = [
  { value: 'all', label: 'All streams' },
  { value: 'log', label: 'Logger' },
  { value: 'stdout', label: 'stdout' },
  { value: 'stderr', label: 'stderr' },
] as const

const LEVELS = [
  { value: 'all', label: 'All levels' },
  { value: 'info', label: 'Info and up' },
  { value: 'warn', label: 'Warnings and up' },
  { value: 'error', label: 'Errors' },
] as const

export const LogToolbar = ({ filter, onFilter, attempts, follow, onFollow, wrap, onWrap, onDownload, live, count, searchRef }: Props) => (
  <div className="flex flex-wrap items-center gap-2 border-b border-line bg-sunken p-2">
    <Input
      ref={searchRef}
      icon={<Search size={14} />}
      value={filter.search}
      onChange={(event) => onFilter({ ...filter, search: event.target.value })}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      placeholder="Search logs"
      aria-label="Search logs"
      className="sm:w-52"
    />
    <Select
      label="Stream"
      className="!w-auto"
      value={filter.stream}
      onChange={(stream) => onFilter({ ...filter, stream })}
      options={STREAMS}
    />
    <Select label="Level" className="!w-auto" value={filter.level} onChange={(level) => onFilter({ ...filter, level })} options={LEVELS} />
    {attempts.length > 1 && (
      <Select
        label="Attempt"
        className="!w-auto"
        value={String(filter.attempt ?? 'all')}
        onChange={(value) => onFilter({ ...filter, attempt: value === 'all' ? null : Number(value) })}
        options={[
          { value: 'all', label: 'All attempts' },
          ...attempts.map((number) => ({ value: String(number), label: `Attempt ${number}` })),
        ]}
      />
    )}
    {filter.task && (
      <Button size="sm" icon={<X size={13} />} variant="chosen" className="max-w-48" onClick={() => onFilter({ ...filter, task: null })}>
        <span className="truncate">{filter.task}</span>
      </Button>
    )}
    <div className="ml-auto flex items-center gap-0.5">
      <span className="px-1.5 text-xs whitespace-nowrap text-faint max-sm:hidden">{count}</span>
      {live && (
        <Button
          size="sm"
          variant="ghost"
          aria-pressed={follow}
          icon={follow ? <Pause size={13} /> : <ArrowDownToLine size={13} />}
          onClick={onFollow}
        >
          {follow ? 'Following' : 'Follow'}
        </Button>
      )}
      <IconButton label="Wrap long lines" hint="W" pressed={wrap} onClick={onWrap}>
        <WrapText size={15} />
      </IconButton>
      <IconButton label="Download the logs" onClick={onDownload}>
        <Download size={15} />
      </IconButton>
    </div>
  </div>
)
