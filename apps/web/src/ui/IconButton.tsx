import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Tooltip } from './Tooltip.tsx'

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> & {
  label: string
  hint?: string
  children: ReactNode
  pressed?: boolean
}

/** A button that is only an icon: its label is its tooltip and its accessible name. */
export const IconButton = ({ label, hint, children, pressed, className, ...rest }: Props) => (
  <Tooltip text={label} hint={hint}>
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      {...rest}
      className={classNames(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted transition-colors duration-100 hover:bg-hover hover:text-text disabled:opacity-50',
        pressed && 'bg-selection text-accent hover:bg-selection hover:text-accent',
        className,
      )}
    >
      {children}
    </button>
  </Tooltip>
)
