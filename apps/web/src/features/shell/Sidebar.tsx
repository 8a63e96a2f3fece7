'use client'

import { useQuery } from '@tanstack/react-query'
import { Compass, Search } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { classNames } from '../../ui/class-names.ts'
import { Kbd } from '../../ui/Kbd.tsx'
import { useModKey } from '../../ui/use-mod-key.ts'
import { NAV } from './nav.ts'
import { ProfileMenu } from './ProfileMenu.tsx'
import { WorkspaceSwitcher } from './WorkspaceSwitcher.tsx'
import { useWorkspace } from './workspace-context.ts'

const Entry = ({
  href,
  active,
  icon,
  children,
  aside,
}: {
  href: string
  active: boolean
  icon: ReactNode
  children: string
  aside?: ReactNode
}) => (
  <Link
    href={href}
    aria-current={active ? 'page' : undefined}
    className={classNames(
      'flex h-8 items-center gap-2.5 rounded-md px-2',
      active ? 'bg-hover font-medium text-text' : 'text-muted hover:bg-hover hover:text-text',
    )}
  >
    <span className={active ? 'text-accent' : 'text-faint'}>{icon}</span>
    <span className="flex-1 truncate">{children}</span>
    {aside}
  </Link>
)

const GuideEntry = () => {
  const { to } = useWorkspace()
  const pathname = usePathname()
  const { data } = useQuery(useTRPC().guide.get.queryOptions())
  if (!data || data.dismissed) return null
  const done = Object.values(data.steps).filter(Boolean).length
  if (done === 4 && pathname !== to('/start')) return null
  return (
    <Entry
      href={to('/start')}
      active={pathname === to('/start')}
      icon={<Compass size={16} />}
      aside={<span className="rounded-full bg-selection px-1.5 text-xs text-accent">{done}/4</span>}
    >
      Getting started
    </Entry>
  )
}

export const Sidebar = ({ onSearch }: { onSearch: () => void }) => {
  const { to } = useWorkspace()
  const pathname = usePathname()
  const mod = useModKey()
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2 p-2">
      <WorkspaceSwitcher />
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 items-center gap-2.5 rounded-md border border-line bg-ground px-2 text-faint hover:border-line-strong"
      >
        <Search size={14} />
        <span className="flex-1 text-left">Find or do…</span>
        <span className="flex gap-1">
          <Kbd>{mod}</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <nav aria-label="Main" className="flex flex-1 flex-col gap-0.5">
        <GuideEntry />
        {NAV.map((entry) => {
          const href = to(entry.path)
          const active = entry.path === '' ? pathname === href : pathname === href || pathname.startsWith(`${href}/`)
          return (
            <Entry key={entry.path} href={href} active={active} icon={<entry.icon size={16} />}>
              {entry.label}
            </Entry>
          )
        })}
      </nav>
      <ProfileMenu />
    </div>
  )
}
