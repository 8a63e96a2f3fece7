'use client'

import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { useField } from './Field.tsx'
import { CONTROL } from './Input.tsx'

export type Option<T extends string> = { value: T; label: ReactNode; hint?: string }

type Props<T extends string> = {
  value: T | undefined
  options: readonly Option<T>[]
  onChange: (value: T) => void
  placeholder?: string
  label?: string
  className?: string
}

export const Select = <T extends string>({ value, options, onChange, placeholder = 'Choose…', label, className }: Props<T>) => {
  const field = useField()
  return (
    <Radix.Root value={value ?? ''} onValueChange={(next) => onChange(next as T)}>
      <Radix.Trigger
        id={field.id}
        aria-label={label}
        aria-describedby={field.describedBy}
        aria-invalid={field.invalid || undefined}
        className={classNames(
          CONTROL,
          'flex h-8 items-center justify-between gap-2 px-2.5 text-left data-placeholder:text-faint',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon className="shrink-0 text-faint">
          <ChevronDown size={14} />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-80 min-w-(--radix-select-trigger-width) max-w-96 animate-appear overflow-hidden rounded-lg border border-line-strong bg-raised"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="flex cursor-pointer select-none items-center justify-between gap-4 rounded-md px-2 py-1.5 outline-none data-highlighted:bg-hover"
              >
                <span className="flex min-w-0 flex-col">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint && <span className="text-xs text-faint">{option.hint}</span>}
                </span>
                <Radix.ItemIndicator>
                  <Check size={14} className="text-accent" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
