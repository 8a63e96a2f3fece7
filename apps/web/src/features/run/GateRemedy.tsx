'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { GateView, RunDetail } from '@towline/contract/views'
import { toast } from 'sonner'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { useCanEdit } from '../limits/use-can-edit.ts'
import { useWorkspace } from '../shell/workspace-context.ts'

const ResumeButton = ({ run, gate }: { run: RunDetail; gate: GateView }) => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const done = () => {
    toast.success('Resumed')
    void queryClient.invalidateQueries(trpc.runs.get.queryFilter({ id: run.id }))
  }
  const pool = useMutation(trpc.pools.update.mutationOptions({ onSuccess: done, onError: toastError('The pool was not resumed') }))
  const deployment = useMutation(
    trpc.deployments.update.mutationOptions({ onSuccess: done, onError: toastError('The deployment was not resumed') }),
  )
  const ofPool = gate.gate === 'pool-paused'
  return (
    <Button
      size="sm"
      variant="primary"
      busy={pool.isPending || deployment.isPending}
      onClick={() =>
        ofPool ? pool.mutate({ name: run.pool.name, paused: false }) : deployment.mutate({ name: run.deployment.name, paused: false })
      }
    >
      Resume {ofPool ? run.pool.name : run.deployment.name}
    </Button>
  )
}

const buttonOf = (run: RunDetail, gate: GateView, to: (path: string) => string) => {
  switch (gate.gate) {
    case 'pool-paused':
    case 'deployment-paused':
      return <ResumeButton run={run} gate={gate} />
    case 'queue-paused':
      return (
        <LinkButton size="sm" href={to(`/pools/${run.pool.name}?tab=queues`)}>
          Open the queues of {run.pool.name}
        </LinkButton>
      )
    case 'no-agent':
    case 'agents-full':
      return (
        <LinkButton size="sm" href={to(`/pools/${run.pool.name}`)}>
          Open {run.pool.name}
        </LinkButton>
      )
    case 'limit':
      return (
        gate.limit && (
          <LinkButton size="sm" href={to(`/concurrency/${gate.limit.limit.id}?edit=1`)}>
            Change the limit…
          </LinkButton>
        )
      )
    default:
      return null
  }
}

/** What opens a gate: a button where this page can do it, a command to copy where it is done elsewhere. */
export const GateRemedy = ({ run, gate }: { run: RunDetail; gate: GateView }) => {
  const { to } = useWorkspace()
  const canEdit = useCanEdit()
  const button = canEdit ? buttonOf(run, gate, to) : null
  // The command says the same as a remedy that only wraps it in words.
  const words = gate.remedy && !(gate.command && gate.remedy.includes(gate.command)) ? gate.remedy : null
  if (!button && !words && !gate.command) return null
  return (
    <div className="flex flex-col gap-2">
      {words && <p className="text-muted">{words}</p>}
      <div className="flex flex-wrap items-center gap-2">
        {button}
        {gate.command && (
          <div className="min-w-0 max-w-full">
            <CodeBlock prompt code={gate.command} label="command" />
          </div>
        )}
      </div>
    </div>
  )
}
