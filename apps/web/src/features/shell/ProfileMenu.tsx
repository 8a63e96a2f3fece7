'use client'

import { LogOut, Monitor, Moon, Sun } from 'lucide-react'
import { signOut } from 'next-auth/react'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../../ui/Menu.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { useTheme } from '../../ui/theme/use-theme.ts'
import { useWorkspace } from './workspace-context.ts'

const CHOICES = [
  { theme: 'system', label: 'As the system', icon: Monitor },
  { theme: 'light', label: 'Light', icon: Sun },
  { theme: 'dark', label: 'Dark', icon: Moon },
] as const

export const ProfileMenu = () => {
  const { whoami } = useWorkspace()
  const [theme, setTheme] = useTheme()
  const user = whoami?.user
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover"
          aria-label="Profile and theme"
        >
          <span
            aria-hidden
            className="flex size-5 shrink-0 items-center justify-center rounded-full bg-selection text-[11px] font-semibold text-accent"
          >
            {user?.name.slice(0, 1).toUpperCase()}
          </span>
          <span className="min-w-0 flex-1 truncate text-muted">{user?.name ?? <Skeleton className="h-3.5 w-24" />}</span>
        </button>
      }
    >
      <MenuLabel>{user?.email ?? ''}</MenuLabel>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      {CHOICES.map((choice) => (
        <MenuItem
          key={choice.theme}
          icon={<choice.icon size={14} />}
          checked={theme === choice.theme}
          onSelect={() => setTheme(choice.theme)}
        >
          {choice.label}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem icon={<LogOut size={14} />} onSelect={() => void signOut({ callbackUrl: '/sign-in' })}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
