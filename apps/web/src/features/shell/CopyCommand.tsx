'use client'

import { Check, Terminal } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import { Tooltip } from '../../ui/Tooltip.tsx'
import { useCopy } from '../../ui/use-copy.ts'

/** The same thing in a terminal. */
export const CopyCommand = ({ command }: { command: string }) => {
  const [copied, copy] = useCopy()
  return (
    <Tooltip text={<code className="font-mono break-all">{command}</code>}>
      <Button
        variant="ghost"
        icon={copied ? <Check size={14} className="text-green" /> : <Terminal size={14} />}
        onClick={() => void copy(command)}
      >
        {copied ? 'Copied' : 'Copy as CLI'}
      </Button>
    </Tooltip>
  )
}
