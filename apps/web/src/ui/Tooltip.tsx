'use client'

import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Kbd } from './Kbd.tsx'

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={300} skipDelayDuration={200}>
    {children}
  </Radix.Provider>
)

/** `children` must be one element that takes a ref. `hint` is a key to press. */
export const Tooltip = ({ text, hint, children }: { text: ReactNode; hint?: string; children: ReactNode }) => (
  <Radix.Root>
    <Radix.Trigger asChild>{children}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        sideOffset={6}
        collisionPadding={8}
        className="z-50 flex max-w-80 animate-appear items-center gap-2 rounded-md bg-inverse px-2 py-1 text-xs text-on-inverse"
      >
        {text}
        {hint && <Kbd inverse>{hint}</Kbd>}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
