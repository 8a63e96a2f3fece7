'use client'

import { Toaster as Sonner } from 'sonner'

export const Toaster = () => (
  <Sonner
    position="bottom-right"
    gap={8}
    style={{ fontFamily: 'inherit' }}
    toastOptions={{
      unstyled: true,
      classNames: {
        toast:
          'flex w-[356px] max-w-[calc(100vw-32px)] items-start gap-2.5 rounded-lg border border-line-strong bg-raised px-3 py-2.5 font-sans text-sm text-text',
        title: 'font-medium',
        description: 'text-muted',
        actionButton: 'ml-auto shrink-0 rounded-md border border-line-strong px-2 py-0.5 text-xs font-medium hover:bg-hover',
        error: 'border-red/40',
        icon: 'mt-0.5',
      },
    }}
  />
)
