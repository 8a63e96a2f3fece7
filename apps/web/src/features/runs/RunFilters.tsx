'use client'

import { useQuery } from '@tanstack/react-query'
import type { RunFilter } from '@towline/contract/views'
import { Search, X } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { Input } from '../../ui/Input.tsx'
import { Select } from '../../ui/Select.tsx'
import { isEmptyFilter } from './run-filter.ts'
import { StateFilter } from './StateFilter.tsx'

type Props = { filter: RunFilter; onChange: (filter: RunFilter) => void; searchRef: RefObject<HTMLInputElement | null> }

const ANY = '*'
const TYPING_MS = 250

const SearchBox = ({ filter, onChange, searchRef }: Props) => {
  const [text, setText] = useState(filter.search ?? '')
  const shown = filter.search ?? ''
  // The address can change under us (back button): then the box follows it.
  useEffect(() => setText(shown), [shown])
  useEffect(() => {
    if (text.trim() === shown) return
    const timer = setTimeout(() => onChange({ ...filter, search: text.trim() || undefined }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, shown, filter, onChange])
  return (
    <Input
      ref={searchRef}
      icon={<Search size={14} />}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      placeholder="Search names and ids"
      aria-label="Search runs"
      className="sm:w-60"
    />
  )
}

export const RunFilters = ({ filter, onChange, searchRef }: Props) => {
  const trpc = useTRPC()
  const deployments = useQuery(trpc.deployments.list.queryOptions())
  const pools = useQuery(trpc.pools.list.queryOptions())
  const pick = (name: 'deployment' | 'pool') => (value: string) => onChange({ ...filter, [name]: value === ANY ? undefined : value })
  const options = (label: string, names: string[] | undefined, chosen: string | undefined) => [
    { value: ANY, label },
    ...[...new Set([...(names ?? []), ...(chosen ? [chosen] : [])])].map((name) => ({ value: name, label: name })),
  ]
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchBox filter={filter} onChange={onChange} searchRef={searchRef} />
      <StateFilter
        value={filter.states ?? []}
        onChange={(states) => onChange({ ...filter, states: states.length > 0 ? states : undefined })}
      />
      <Select
        label="Deployment"
        className="!w-auto max-w-48"
        value={filter.deployment ?? ANY}
        onChange={pick('deployment')}
        options={options(
          'All deployments',
          deployments.data?.map((deployment) => deployment.name),
          filter.deployment,
        )}
      />
      <Select
        label="Work pool"
        className="!w-auto max-w-48"
        value={filter.pool ?? ANY}
        onChange={pick('pool')}
        options={options(
          'All pools',
          pools.data?.map((pool) => pool.name),
          filter.pool,
        )}
      />
      {filter.tag && (
        <Button icon={<X size={14} />} variant="chosen" onClick={() => onChange({ ...filter, tag: undefined })}>
          {filter.tag}
        </Button>
      )}
      {!isEmptyFilter(filter) && (
        <Button variant="ghost" onClick={() => onChange({})}>
          Clear
        </Button>
      )}
    </div>
  )
}
