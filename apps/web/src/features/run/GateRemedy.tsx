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
  const options = {
    onSuccess: () => {
      toast.success('Resumed')
      void queryClient.invalidateQueries(trpc.runs.get.queryFilter({ id: run.id }))
    },
    onError: toastError('It was not resumed'),
  }
  const pool = useMutation(trpc.pools.update.mutationOptions(options))
  const queue = useMutation(trpc.queues.update.mutationOptions(options))
  const deployment = useMutation(trpc.deployments.update.mutationOptions(options))
  const [name, resume] =
    gate.gate === 'pool-paused'
      ? [run.pool.name, () => pool.mutate({ name: run.pool.name, paused: false })]
      : gate.gate === 'queue-paused'
        ? [run.queueName, () => queue.mutate({ pool: run.pool.name, name: run.queueName, paused: false })]
        : [run.deployment.name, () => deployment.mutate({ name: run.deployment.name, paused: false })]
  return (
    <Button size="sm" variant="primary" busy={pool.isPending || queue.isPending || deployment.isPending} onClick={resume}>
      Resume {name}
    </Button>
  )
}

const buttonOf = (run: RunDetail, gate: GateView, to: (path: string) => string) => {
  switch (gate.gate) {
    case 'pool-paused':
    case 'queue-paused':
    case 'deployment-paused':
      return <ResumeButton run={run} gate={gate} />
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
  // A command says the same as a remedy that only wraps it in words, and so does the button that resumes right here.
  const told = gate.command !== null && gate.remedy?.includes(gate.command)
  const words = told || (button && gate.gate.endsWith('-paused')) ? null : gate.remedy
  if (!button && !words && !gate.command) return null
  return (
    <div className="flex flex-col gap-2">
      {words && <p className="text-muted">{words}</p>}
      <div className="flex min-w-0 flex-wrap items-center gap-2">
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
