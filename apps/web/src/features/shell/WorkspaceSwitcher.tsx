'use client'

import { ChevronsUpDown, Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../../ui/Menu.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Logo } from './Logo.tsx'
import { useWorkspace } from './workspace-context.ts'

export const WorkspaceSwitcher = () => {
  const router = useRouter()
  const { slug, whoami } = useWorkspace()
  const current = whoami?.workspaces.find((workspace) => workspace.slug === slug)
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover"
          aria-label="Workspace"
        >
          <Logo />
          <span className="min-w-0 flex-1 truncate font-medium">{current?.name ?? <Skeleton className="h-3.5 w-24" />}</span>
          <ChevronsUpDown size={14} className="text-faint" />
        </button>
      }
    >
      <MenuLabel>Workspaces</MenuLabel>
      {whoami?.workspaces.map((workspace) => (
        <MenuItem key={workspace.id} checked={workspace.slug === slug} onSelect={() => router.push(`/w/${workspace.slug}`)}>
          {workspace.name}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem icon={<Plus size={14} />} onSelect={() => router.push('/new')}>
        New workspace
      </MenuItem>
    </Menu>
  )
}
