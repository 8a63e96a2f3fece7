import Link from 'next/link'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { classNames } from './class-names.ts'

const VARIANTS = {
  primary: 'bg-inverse text-on-inverse hover:opacity-88 border-transparent',
  secondary: 'bg-raised text-text border-line-strong hover:bg-hover',
  ghost: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-text',
  /** A choice that is in force, such as a filter. */
  chosen: 'bg-selection text-accent border-accent',
  danger: 'bg-raised text-red border-red/40 hover:bg-red/8',
} as const

const SIZES = { sm: 'h-7 px-2.5 text-xs gap-1.5', md: 'h-8 px-3 text-sm gap-2', lg: 'h-10 px-4 text-base gap-2' } as const

export type ButtonVariant = keyof typeof VARIANTS
type Look = { variant?: ButtonVariant; size?: keyof typeof SIZES; icon?: ReactNode; busy?: boolean }

const look = ({ variant = 'secondary', size = 'md' }: Look, extra?: string): string =>
  classNames(
    'inline-flex shrink-0 select-none items-center justify-center rounded-md border font-medium whitespace-nowrap transition-[background-color,opacity,color] duration-100 disabled:opacity-50',
    VARIANTS[variant],
    SIZES[size],
    extra,
  )

const Spinner = () => <span aria-hidden className="size-3.5 animate-ring rounded-full border-[1.5px] border-current border-r-transparent" />

export const Button = ({
  variant,
  size,
  icon,
  busy,
  className,
  children,
  onClick,
  ...rest
}: Look & ButtonHTMLAttributes<HTMLButtonElement>) => (
  <button
    type="button"
    {...rest}
    onClick={(event) => {
      // One that can be busy acts on the server. The second half of a double click comes before the first could make it busy.
      if (busy !== undefined && event.detail > 1) event.preventDefault()
      else onClick?.(event)
    }}
    disabled={rest.disabled || busy}
    aria-busy={busy || undefined}
    className={look({ variant, size }, className)}
  >
    {busy ? <Spinner /> : icon}
    {children}
  </button>
)

export const LinkButton = ({
  href,
  variant,
  size,
  icon,
  className,
  children,
}: Look & { href: string; className?: string; children: ReactNode }) => (
  <Link href={href} className={look({ variant, size }, className)}>
    {icon}
    {children}
  </Link>
)
