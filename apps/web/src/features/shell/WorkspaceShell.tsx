'use client'

import { useQuery } from '@tanstack/react-query'
import { usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { LiveProvider } from '../../live/LiveProvider.tsx'
import { ApiProvider } from '../../trpc/ApiProvider.tsx'
import { useTRPC } from '../../trpc/trpc.ts'
import { Drawer } from '../../ui/Drawer.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { NAV } from './nav.ts'
import { OpenSidebarContext } from './Page.tsx'
import { CommandPalette } from './palette/CommandPalette.tsx'
import { ShortcutSheet } from './ShortcutSheet.tsx'
import { Sidebar } from './Sidebar.tsx'
import { useShortcuts } from './shortcuts.ts'
import { type Installation, WorkspaceContext } from './workspace-context.ts'

type Props = { slug: string; installation: Installation; children: ReactNode }

const Frame = ({ slug, installation, children }: Props) => {
  const router = useRouter()
  const pathname = usePathname()
  const [drawer, setDrawer] = useState(false)
  const [palette, setPalette] = useState(false)
  const [sheet, setSheet] = useState(false)
  const whoami = useQuery(useTRPC().auth.whoami.queryOptions(undefined, { staleTime: 300_000 }))
  const scope = useMemo(
    () => ({ slug, to: (path: string) => `/w/${slug}${path}`, whoami: whoami.data, installation }),
    [slug, whoami.data, installation],
  )

  // A link in the drawer was followed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for every new address
  useEffect(() => setDrawer(false), [pathname])

  useShortcuts({
    'mod+k': () => setPalette((open) => !open),
    '?': () => setSheet(true),
    ...Object.fromEntries(NAV.map((entry) => [entry.keys, () => router.push(scope.to(entry.path))])),
  })

  return (
    <WorkspaceContext value={scope}>
      <a
        href="#page"
        className="sr-only z-50 rounded-md bg-inverse px-3 py-1.5 text-on-inverse focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <div className="flex h-dvh">
        <aside className="flex w-56 shrink-0 flex-col border-r border-line bg-sunken max-lg:hidden">
          <Sidebar onSearch={() => setPalette(true)} />
        </aside>
        <Drawer open={drawer} onOpenChange={setDrawer} title="Navigation">
          <Sidebar
            onSearch={() => {
              setDrawer(false)
              setPalette(true)
            }}
          />
        </Drawer>
        <div className="flex min-w-0 flex-1 flex-col">
          <OpenSidebarContext value={() => setDrawer(true)}>
            {whoami.error && !whoami.data ? (
              <main id="page" className="mx-auto w-full max-w-xl p-6">
                <ErrorNotice
                  what="This workspace cannot be shown."
                  error={whoami.error}
                  onRetry={() => void whoami.refetch()}
                  elsewhere={{ href: '/', label: 'Your workspaces' }}
                />
              </main>
            ) : (
              children
            )}
          </OpenSidebarContext>
        </div>
      </div>
      <CommandPalette open={palette} onOpenChange={setPalette} onShortcuts={() => setSheet(true)} />
      <ShortcutSheet open={sheet} onOpenChange={setSheet} />
    </WorkspaceContext>
  )
}

export const WorkspaceShell = ({ slug, installation, children }: Props) => (
  <ApiProvider key={slug} workspace={slug}>
    <LiveProvider>
      <Frame slug={slug} installation={installation}>
        {children}
      </Frame>
    </LiveProvider>
  </ApiProvider>
)
