'use client'

import { Switch as Radix } from 'radix-ui'
import { useField } from './Field.tsx'

type Props = { checked: boolean; onChange: (checked: boolean) => void; label?: string; disabled?: boolean }

export const Switch = ({ checked, onChange, label, disabled }: Props) => {
  const field = useField()
  return (
    <Radix.Root
      id={field.id}
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      className="relative inline-flex h-[18px] w-8 shrink-0 items-center rounded-full bg-control transition-colors duration-150 disabled:opacity-50 data-[state=checked]:bg-accent"
    >
      <Radix.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-ground transition-transform duration-150 data-[state=checked]:translate-x-4" />
    </Radix.Root>
  )
}
