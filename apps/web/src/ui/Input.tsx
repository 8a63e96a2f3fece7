'use client'

import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react'
import { classNames } from './class-names.ts'
import { useField } from './Field.tsx'

export const CONTROL =
  'w-full min-w-0 rounded-md border border-line-strong bg-ground text-text placeholder:text-faint hover:border-control focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-red disabled:opacity-60'

type InputProps = InputHTMLAttributes<HTMLInputElement> & { icon?: ReactNode; mono?: boolean; ref?: Ref<HTMLInputElement> }

export const Input = ({ icon, mono, className, ...rest }: InputProps) => {
  const field = useField()
  const input = (
    <input
      id={field.id}
      aria-describedby={field.describedBy}
      aria-invalid={field.invalid || undefined}
      autoComplete="off"
      spellCheck={false}
      {...rest}
      className={classNames(CONTROL, 'h-8 px-2.5', Boolean(icon) && 'pl-8', mono && 'font-mono text-xs', className)}
    />
  )
  if (!icon) return input
  return (
    <span className="relative flex min-w-0 items-center">
      <span className="pointer-events-none absolute left-2.5 text-faint">{icon}</span>
      {input}
    </span>
  )
}

export const TextArea = ({ mono, className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & { mono?: boolean }) => {
  const field = useField()
  return (
    <textarea
      id={field.id}
      aria-describedby={field.describedBy}
      aria-invalid={field.invalid || undefined}
      spellCheck={false}
      rows={3}
      {...rest}
      className={classNames(CONTROL, 'thin-scroll resize-y px-2.5 py-1.5', mono && 'font-mono text-xs leading-5', className)}
    />
  )
}
