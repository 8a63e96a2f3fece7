'use client'

import { Check, Minus } from 'lucide-react'
import { Checkbox as Radix } from 'radix-ui'
import type { MouseEvent } from 'react'

type Props = { checked: boolean | 'indeterminate'; onChange: (checked: boolean, event?: MouseEvent) => void; label: string }

export const Checkbox = ({ checked, onChange, label }: Props) => (
  <Radix.Root
    aria-label={label}
    checked={checked}
    onClick={(event) => {
      event.stopPropagation()
      onChange(checked !== true, event)
    }}
    className="inline-flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-ground text-on-accent data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent"
  >
    <Radix.Indicator>
      {checked === 'indeterminate' ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}
    </Radix.Indicator>
  </Radix.Root>
)
