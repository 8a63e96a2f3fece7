'use client'

import { useQuery } from '@tanstack/react-query'
import {
  Building2,
  CircleX,
  Compass,
  Hourglass,
  Keyboard,
  KeyRound,
  LogOut,
  Monitor,
  Moon,
  Pause,
  Play,
  Plus,
  ScrollText,
  Sun,
  UserRound,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { signOut } from 'next-auth/react'
import { useTRPC } from '../../../trpc/trpc.ts'
import { Kbd } from '../../../ui/Kbd.tsx'
import { useTheme } from '../../../ui/theme/use-theme.ts'
import { useMayReadAudit } from '../../audit/use-may-read-audit.ts'
import { useCanEdit } from '../../limits/use-can-edit.ts'
import { useWorkspace } from '../workspace-context.ts'
import { PaletteGroup, PaletteItem } from './PaletteItem.tsx'
import { useSetPaused } from './use-set-paused.ts'

type Doors = { go: (path: string) => void; close: () => void }

const LINKS = [
  { value: 'getting started guide first steps', icon: Compass, text: 'Getting started', path: '/start' },
  { value: 'runs that failed crashed late problems', icon: CircleX, text: 'Runs with problems', path: '/runs?state=problem' },
  { value: 'runs running now active', icon: Play, text: 'Runs that run now', path: '/runs?state=active' },
  { value: 'runs that wait waiting stuck why', icon: Hourglass, text: 'Runs that wait', path: '/runs?state=waiting' },
  { value: 'create new work pool', icon: Plus, text: 'Create a work pool', path: '/pools?create=1' },
  { value: 'create new concurrency limit', icon: Plus, text: 'Create a limit', path: '/concurrency?create=1' },
  { value: 'create new api key', icon: KeyRound, text: 'Create an API key', path: '/settings?tab=keys&create=1' },
  { value: 'settings api keys revoke', icon: KeyRound, text: 'API keys', path: '/settings?tab=keys' },
  { value: 'settings profile name password', icon: UserRound, text: 'Your profile', path: '/settings?tab=profile' },
] as const

const THEMES = [
  { theme: 'light', icon: Sun, text: 'Light theme' },
  { theme: 'dark', icon: Moon, text: 'Dark theme' },
  { theme: 'system', icon: Monitor, text: 'Theme of the system' },
] as const

/** Pause, resume and more of each pool and deployment; they happen at once, and the message takes them back. */
const ObjectActions = ({ go, close }: Doors) => {
  const trpc = useTRPC()
  const setPaused = useSetPaused()
  const pools = useQuery(trpc.pools.list.queryOptions())
  const deployments = useQuery(trpc.deployments.list.queryOptions())
  const rows = [
    ...(pools.data ?? []).map((one) => ({ ...one, kind: 'pools' as const, word: 'pool' })),
    ...(deployments.data ?? []).map((one) => ({ ...one, kind: 'deployments' as const, word: 'deployment' })),
  ]
  return (
    <>
      {pools.data?.map(({ id, name }) => (
        <PaletteItem
          key={`agent-${id}`}
          value={`add an agent to pool ${name} install`}
          icon={<Plus size={15} />}
          onSelect={() => go(`/pools/${name}?add=1`)}
        >
          Add an agent to {name}…
        </PaletteItem>
      ))}
      {rows.map(({ id, name, kind, word, paused }) => (
        <PaletteItem
          key={`pause-${id}`}
          value={`${paused ? 'resume' : 'pause'} ${word} ${name}`}
          icon={paused ? <Play size={15} /> : <Pause size={15} />}
          aside={word}
          onSelect={() => {
            close()
            void setPaused(kind, name, !paused)
          }}
        >
          {paused ? 'Resume' : 'Pause'} {name}
        </PaletteItem>
      ))}
    </>
  )
}

export const PaletteActions = ({ go, close, onShortcuts, searching }: Doors & { onShortcuts: () => void; searching: boolean }) => {
  const router = useRouter()
  const { slug, whoami } = useWorkspace()
  const [, setTheme] = useTheme()
  const canEdit = useCanEdit()
  const mayReadAudit = useMayReadAudit()
  const act = (action: () => void) => () => {
    close()
    action()
  }
  return (
    <PaletteGroup heading="Actions">
      {LINKS.map(({ value, icon: Icon, text, path }) => (
        <PaletteItem key={path} value={value} icon={<Icon size={15} />} onSelect={() => go(path)}>
          {text}
        </PaletteItem>
      ))}
      {mayReadAudit && (
        <PaletteItem value="audit who changed what" icon={<ScrollText size={15} />} onSelect={() => go('/settings?tab=audit')}>
          Who changed what
        </PaletteItem>
      )}
      {searching && canEdit && <ObjectActions go={go} close={close} />}
      {whoami?.workspaces
        .filter((workspace) => workspace.slug !== slug)
        .map((workspace) => (
          <PaletteItem
            key={workspace.id}
            value={`switch to workspace ${workspace.name}`}
            icon={<Building2 size={15} />}
            onSelect={act(() => router.push(`/w/${workspace.slug}`))}
          >
            Switch to {workspace.name}
          </PaletteItem>
        ))}
      <PaletteItem value="create new workspace" icon={<Building2 size={15} />} onSelect={act(() => router.push('/new'))}>
        Create a workspace
      </PaletteItem>
      {THEMES.map(({ theme, icon: Icon, text }) => (
        <PaletteItem key={theme} value={`theme ${theme}`} icon={<Icon size={15} />} onSelect={act(() => setTheme(theme))}>
          {text}
        </PaletteItem>
      ))}
      <PaletteItem value="keyboard shortcuts help" icon={<Keyboard size={15} />} aside={<Kbd>?</Kbd>} onSelect={act(onShortcuts)}>
        Keyboard shortcuts
      </PaletteItem>
      <PaletteItem value="sign out log out" icon={<LogOut size={15} />} onSelect={act(() => void signOut({ callbackUrl: '/sign-in' }))}>
        Sign out
      </PaletteItem>
    </PaletteGroup>
  )
}
