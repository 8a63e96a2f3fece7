'use client'

import { Check, Copy } from 'lucide-react'
import { IconButton } from './IconButton.tsx'
import { useCopy } from './use-copy.ts'

export const CopyButton = ({
  text,
  label = 'Copy',
  className,
  onCopied,
}: {
  text: string
  label?: string
  className?: string
  onCopied?: () => void
}) => {
  const [copied, copy] = useCopy()
  return (
    <IconButton
      label={copied ? 'Copied' : label}
      className={className}
      onClick={(event) => {
        event.preventDefault()
        event.stopPropagation()
        void copy(text).then(onCopied)
      }}
    >
      {copied ? <Check size={14} className="text-green" /> : <Copy size={14} />}
    </IconButton>
  )
}
