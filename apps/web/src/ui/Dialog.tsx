'use client'

import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { returnFocus } from './focus-return.ts'
import { IconButton } from './IconButton.tsx'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  footer?: ReactNode
  wide?: boolean
}

/** The first field, or the dialog itself: never its close button, whose hint would take the first Escape. */
const focusFirstField = (event: Event) => {
  event.preventDefault()
  const dialog = event.currentTarget as HTMLElement
  const field = dialog.querySelector<HTMLElement>('input:not([disabled]), textarea, [role=combobox], [role=radio]')
  ;(field ?? dialog).focus()
}

export const Dialog = ({ open, onOpenChange, title, description, children, footer, wide }: Props) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      {/* The second half of a double click on what opened it lands here and must not take the focus away. */}
      <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" onMouseDown={(event) => event.preventDefault()} />
      <Radix.Content
        onOpenAutoFocus={focusFirstField}
        onCloseAutoFocus={returnFocus}
        {...(description ? {} : { 'aria-describedby': undefined })}
        className={classNames(
          'fixed inset-x-3 top-[max(12px,8vh)] z-40 mx-auto flex max-h-[84vh] animate-appear flex-col overflow-hidden rounded-xl border border-line-strong bg-raised outline-none',
          wide ? 'max-w-2xl' : 'max-w-md',
        )}
      >
        <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
          <div className="min-w-0">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            {description && <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description>}
          </div>
          <Radix.Close asChild>
            <IconButton label="Close" hint="Esc" className="-mr-2">
              <X size={16} />
            </IconButton>
          </Radix.Close>
        </header>
        <div className="thin-scroll min-h-0 overflow-y-auto px-5 pb-4">{children}</div>
        {footer && <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
