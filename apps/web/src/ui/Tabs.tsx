'use client'

import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

export type TabSpec = { id: string; label: ReactNode; count?: number | null; content: ReactNode }

export const Tabs = ({
  tabs,
  value,
  onChange,
  label,
}: {
  tabs: TabSpec[]
  value: string
  onChange: (id: string) => void
  label: string
}) => (
  // The address may name a tab that is not here.
  <Radix.Root
    value={tabs.some((tab) => tab.id === value) ? value : (tabs[0]?.id ?? value)}
    onValueChange={onChange}
    className="flex min-h-0 min-w-0 flex-1 flex-col"
  >
    <Radix.List aria-label={label} className="thin-scroll flex shrink-0 gap-5 overflow-x-auto overflow-y-hidden border-b border-line">
      {tabs.map((tab) => (
        <Radix.Trigger
          key={tab.id}
          value={tab.id}
          className="-mb-px inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent whitespace-nowrap text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text"
        >
          {tab.label}
          {tab.count !== undefined && tab.count !== null && (
            <span className="rounded-full bg-hover px-1.5 text-xs text-faint">{tab.count}</span>
          )}
        </Radix.Trigger>
      ))}
    </Radix.List>
    {tabs.map((tab) => (
      <Radix.Content key={tab.id} value={tab.id} className="flex min-h-0 min-w-0 flex-1 flex-col pt-4 outline-none">
        {tab.content}
      </Radix.Content>
    ))}
  </Radix.Root>
)
