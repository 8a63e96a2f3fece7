'use client'

import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { returnFocus } from './focus-return.ts'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; title: string; children: ReactNode }

/** From the left edge: the sidebar of a phone. */
export const Drawer = ({ open, onOpenChange, title, children }: Props) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
      <Radix.Content
        aria-describedby={undefined}
        onCloseAutoFocus={returnFocus}
        className="fixed inset-y-0 left-0 z-40 flex w-72 max-w-[85vw] animate-slide flex-col border-r border-line bg-sunken outline-none"
      >
        <Radix.Title className="sr-only">{title}</Radix.Title>
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
