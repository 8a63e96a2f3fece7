'use client'

import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { Dialog as Radix } from 'radix-ui'
import { useDeferredValue, useState } from 'react'
import { returnFocus } from '../../../ui/focus-return.ts'
import { Kbd } from '../../../ui/Kbd.tsx'
import { NAV } from '../nav.ts'
import { useWorkspace } from '../workspace-context.ts'
import { PaletteActions } from './PaletteActions.tsx'
import { PaletteGroup, PaletteItem } from './PaletteItem.tsx'
import { PaletteObjects } from './PaletteObjects.tsx'
import { usePageActions } from './page-actions.ts'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; onShortcuts: () => void }

/** ⌘K: reaches every object and every action. */
export const CommandPalette = ({ open, onOpenChange, onShortcuts }: Props) => {
  const router = useRouter()
  const { to } = useWorkspace()
  const [search, setSearch] = useState('')
  const deferred = useDeferredValue(search.trim())
  const offered = usePageActions()
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
          onCloseAutoFocus={returnFocus}
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
              {open && (
                <>
                  {offered.length > 0 && (
                    <PaletteGroup heading="On this page">
                      {offered.map(({ id, text, icon, act }) => (
                        <PaletteItem
                          key={id}
                          value={`${id} ${text}`}
                          icon={icon}
                          onSelect={() => {
                            change(false)
                            act()
                          }}
                        >
                          {text}
                        </PaletteItem>
                      ))}
                    </PaletteGroup>
                  )}
                  <PaletteGroup heading="Pages">
                    {NAV.map((entry) => (
                      <PaletteItem
                        key={entry.path}
                        value={`page ${entry.label}`}
                        icon={<entry.icon size={15} />}
                        onSelect={() => go(entry.path)}
                        aside={entry.keys.split(' ').map((key) => <Kbd key={key}>{key.toUpperCase()}</Kbd>)}
                      >
                        {entry.label}
                      </PaletteItem>
                    ))}
                  </PaletteGroup>
                  <PaletteObjects search={deferred} go={go} />
                  <PaletteActions go={go} close={() => change(false)} onShortcuts={onShortcuts} searching={deferred !== ''} />
                </>
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
