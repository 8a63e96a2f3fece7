'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Box, Compass, Keyboard, KeyRound, Layers, Monitor, Moon, Play, Plus, ScrollText, Server, Sun } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { Kbd } from '../../ui/Kbd.tsx'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'
import { useTheme } from '../../ui/theme/use-theme.ts'
import { useMayReadAudit } from '../audit/use-may-read-audit.ts'
import { boundText, KIND_WORD } from '../limits/limit-words.ts'
import { NAV } from './nav.ts'
import { useWorkspace } from './workspace-context.ts'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; onShortcuts: () => void }

const Item = ({
  value,
  icon,
  children,
  aside,
  onSelect,
}: {
  value: string
  icon: ReactNode
  children: ReactNode
  aside?: ReactNode
  onSelect: () => void
}) => (
  <Command.Item
    value={value}
    onSelect={onSelect}
    className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-hover"
  >
    <span className="text-faint">{icon}</span>
    <span className="min-w-0 flex-1 truncate">{children}</span>
    {aside && <span className="flex shrink-0 gap-1 text-xs text-faint">{aside}</span>}
  </Command.Item>
)

const Group = ({ heading, children }: { heading: string; children: ReactNode }) => (
  <Command.Group
    heading={heading}
    className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
  >
    {children}
  </Command.Group>
)

const Results = ({
  search,
  go,
  close,
  onShortcuts,
}: {
  search: string
  go: (path: string) => void
  close: () => void
  onShortcuts: () => void
}) => {
  const trpc = useTRPC()
  const [, setTheme] = useTheme()
  const mayReadAudit = useMayReadAudit()
  const deployments = useQuery(trpc.deployments.list.queryOptions())
  const pools = useQuery(trpc.pools.list.queryOptions())
  const limits = useQuery(trpc.limits.list.queryOptions())
  const runs = useQuery(
    trpc.runs.list.queryOptions({ filter: search ? { search } : {}, limit: 8 }, { placeholderData: keepPreviousData, staleTime: 5000 }),
  )
  const act = (action: () => void) => () => {
    close()
    action()
  }
  return (
    <>
      <Group heading="Pages">
        {NAV.map((entry) => (
          <Item
            key={entry.path}
            value={`page ${entry.label}`}
            icon={<entry.icon size={15} />}
            onSelect={() => go(entry.path)}
            aside={entry.keys.split(' ').map((key) => <Kbd key={key}>{key.toUpperCase()}</Kbd>)}
          >
            {entry.label}
          </Item>
        ))}
      </Group>
      {!!deployments.data?.length && (
        <Group heading="Deployments">
          {deployments.data.map((deployment) => (
            <Item
              key={deployment.id}
              value={`deployment ${deployment.name} ${deployment.flow}`}
              icon={<Box size={15} />}
              aside={deployment.poolName}
              onSelect={() => go(`/deployments/${deployment.name}`)}
            >
              {deployment.name}
            </Item>
          ))}
          {deployments.data.map((deployment) => (
            <Item
              key={`run-${deployment.id}`}
              value={`run start ${deployment.name}`}
              icon={<Play size={15} />}
              onSelect={() => go(`/deployments/${deployment.name}?run=1`)}
            >
              Run {deployment.name}…
            </Item>
          ))}
        </Group>
      )}
      {!!pools.data?.length && (
        <Group heading="Work pools">
          {pools.data.map((pool) => (
            <Item
              key={pool.id}
              value={`pool ${pool.name} ${pool.type}`}
              icon={<Server size={15} />}
              aside={pool.type}
              onSelect={() => go(`/pools/${pool.name}`)}
            >
              {pool.name}
            </Item>
          ))}
        </Group>
      )}
      {!!limits.data?.length && (
        <Group heading="Limits">
          {limits.data.map((limit) => (
            <Item
              key={limit.id}
              value={`limit concurrency ${limit.kind} ${limit.name}`}
              icon={<Layers size={15} />}
              aside={`${KIND_WORD[limit.kind]} · ${boundText(limit)}`}
              onSelect={() => go(`/concurrency/${limit.id}`)}
            >
              {limit.name}
            </Item>
          ))}
        </Group>
      )}
      {!!runs.data?.items.length && (
        <Group heading="Runs">
          {runs.data.items.map((run) => (
            <Item
              key={run.id}
              value={`run ${run.name} ${run.deployment.name} ${run.id} ${search}`}
              icon={<StateGlyph look={STATE_LOOK[run.state.name]} label={STATE_LOOK[run.state.name].word} />}
              aside={run.deployment.name}
              onSelect={() => go(`/runs/${run.id}`)}
            >
              {run.name}
            </Item>
          ))}
        </Group>
      )}
      <Group heading="Actions">
        <Item value="getting started guide first steps" icon={<Compass size={15} />} onSelect={() => go('/start')}>
          Getting started
        </Item>
        <Item value="create new work pool" icon={<Plus size={15} />} onSelect={() => go('/pools?create=1')}>
          Create a work pool
        </Item>
        <Item value="create new concurrency limit" icon={<Plus size={15} />} onSelect={() => go('/concurrency?create=1')}>
          Create a limit
        </Item>
        <Item value="create new api key" icon={<KeyRound size={15} />} onSelect={() => go('/settings?tab=keys&create=1')}>
          Create an API key
        </Item>
        {mayReadAudit && (
          <Item value="audit who changed what" icon={<ScrollText size={15} />} onSelect={() => go('/settings?tab=audit')}>
            Who changed what
          </Item>
        )}
        <Item value="theme light" icon={<Sun size={15} />} onSelect={act(() => setTheme('light'))}>
          Light theme
        </Item>
        <Item value="theme dark" icon={<Moon size={15} />} onSelect={act(() => setTheme('dark'))}>
          Dark theme
        </Item>
        <Item value="theme system" icon={<Monitor size={15} />} onSelect={act(() => setTheme('system'))}>
          Theme of the system
        </Item>
        <Item value="keyboard shortcuts help" icon={<Keyboard size={15} />} aside={<Kbd>?</Kbd>} onSelect={act(onShortcuts)}>
          Keyboard shortcuts
        </Item>
      </Group>
    </>
  )
}

/** ⌘K: reaches every object and every action. */
export const CommandPalette = ({ open, onOpenChange, onShortcuts }: Props) => {
  const router = useRouter()
  const { to } = useWorkspace()
  const [search, setSearch] = useState('')
  const deferred = useDeferredValue(search.trim())
  const change = (next: boolean) => {
    if (!next) setSearch('')
    onOpenChange(next)
  }
  const go = (path: string) => {
    change(false)
    router.push(to(path))
  }
  return (
    <Radix.Root open={open} onOpenChange={change}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[12vh] z-50 mx-auto max-w-xl animate-appear overflow-hidden rounded-xl border border-line-strong bg-raised outline-none"
        >
          <Radix.Title className="sr-only">Find or do anything</Radix.Title>
          <Command loop label="Find or do anything">
            <Command.Input
              autoFocus
              value={search}
              onValueChange={setSearch}
              placeholder="Find a run, a deployment, a pool, or what to do…"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-faint"
            />
            <Command.List className="thin-scroll max-h-[min(420px,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-faint">Nothing here has that name.</Command.Empty>
              {open && <Results search={deferred} go={go} close={() => change(false)} onShortcuts={onShortcuts} />}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
