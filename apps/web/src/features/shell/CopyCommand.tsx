'use client'

import { Braces, Check, Terminal } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Tooltip } from '../../ui/Tooltip.tsx'
import { useCopy } from '../../ui/use-copy.ts'
import { type ApiCall, curlCommand } from './api-call.ts'
import { useWorkspace } from './workspace-context.ts'

const CopyCall = ({ call }: { call: ApiCall }) => {
  const { installation } = useWorkspace()
  const [copied, copy] = useCopy()
  return (
    <IconButton
      className="max-sm:hidden"
      label={copied ? 'Copied' : `Copy the API call (${call.procedure})`}
      onClick={() => void copy(curlCommand(installation.publicUrl, call))}
    >
      {copied ? <Check size={14} className="text-green" /> : <Braces size={14} />}
    </IconButton>
  )
}

/** The same thing in a terminal, and the call of the API behind it. */
export const CopyCommand = ({ command, call }: { command: string; call?: ApiCall }) => {
  const [copied, copy] = useCopy()
  return (
    <span className="inline-flex items-center">
      <Tooltip text={<code className="font-mono break-all">{command}</code>}>
        <Button
          variant="ghost"
          icon={copied ? <Check size={14} className="text-green" /> : <Terminal size={14} />}
          onClick={() => void copy(command)}
        >
          {copied ? 'Copied' : 'Copy as CLI'}
        </Button>
      </Tooltip>
      {call && <CopyCall call={call} />}
    </span>
  )
}
