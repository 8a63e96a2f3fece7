'use client'

import { Check } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export const Menu = ({ trigger, children, align = 'end' }: { trigger: ReactNode; children: ReactNode; align?: 'start' | 'end' }) => (
  <Radix.Root>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        align={align}
        sideOffset={4}
        collisionPadding={8}
        className="z-50 min-w-44 max-w-80 animate-appear rounded-lg border border-line-strong bg-raised p-1"
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)

type ItemProps = { children: ReactNode; onSelect?: () => void; icon?: ReactNode; danger?: boolean; disabled?: boolean; checked?: boolean }

export const MenuItem = ({ children, onSelect, icon, danger, disabled, checked }: ItemProps) => (
  <Radix.Item
    disabled={disabled}
    onSelect={onSelect}
    className={classNames(
      'flex cursor-pointer select-none items-center gap-2 rounded-md px-2 py-1.5 outline-none data-disabled:cursor-not-allowed data-disabled:opacity-50 data-highlighted:bg-hover',
      danger ? 'text-red' : 'text-text',
    )}
  >
    {icon && <span className={danger ? '' : 'text-faint'}>{icon}</span>}
    <span className="min-w-0 flex-1 truncate">{children}</span>
    {checked && <Check size={14} className="text-accent" />}
  </Radix.Item>
)

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2 pt-1.5 pb-1 text-xs text-faint">{children}</Radix.Label>
)
export const MenuSeparator = () => <Radix.Separator className="my-1 h-px bg-line" />
