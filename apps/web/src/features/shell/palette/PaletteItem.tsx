import { Command } from 'cmdk'
import type { ReactNode } from 'react'

type ItemProps = { value: string; icon: ReactNode; children: ReactNode; aside?: ReactNode; onSelect: () => void }

export const PaletteItem = ({ value, icon, children, aside, onSelect }: ItemProps) => (
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

export const PaletteGroup = ({ heading, children }: { heading: string; children: ReactNode }) => (
  <Command.Group
    heading={heading}
    className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
  >
    {children}
  </Command.Group>
)
