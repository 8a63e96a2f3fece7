'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { PoolType } from '@towline/contract/run-spec'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { agentCommands } from './agent-commands.ts'

/** The agent's install command with a new key in it. The key is seen here and nowhere else. */
export const InstallAgent = ({ pool }: { pool: { name: string; type: PoolType } }) => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { installation } = useWorkspace()
  const [tab, setTab] = useState('shell')
  const create = useMutation(
    trpc.keys.create.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries(trpc.keys.pathFilter()),
      onError: toastError('The key was not created'),
    }),
  )
  const key = create.data?.secret ?? null
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Tabs
        label="Ways to start an agent"
        value={tab}
        onChange={setTab}
        tabs={agentCommands(installation, pool.type, key).map((command) => ({
          id: command.id,
          label: command.label,
          content: (
            <div className="flex flex-col gap-2">
              <CodeBlock prompt code={command.code} label="command" />
              <p className="text-xs text-faint">{command.note}</p>
            </div>
          ),
        }))}
      />
      {key ? (
        <p className="text-xs text-amber">
          The commands above hold the new key. It is shown only now; revoke it in Settings when it gets into wrong hands.
        </p>
      ) : (
        <Button
          variant="primary"
          icon={<KeyRound size={14} />}
          className="self-start"
          busy={create.isPending}
          onClick={() => create.mutate({ kind: 'agent', name: `Agents of ${pool.name}`, pool: pool.name })}
        >
          Put a new key into the command
        </Button>
      )}
    </div>
  )
}
