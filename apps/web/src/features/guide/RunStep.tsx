'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import type { GuideView } from '@towline/contract/views'
import { Play } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { StateBadge } from '../../ui/state/StateBadge.tsx'
import { formModel, missingFields, startValues } from '../run-form/form-model.ts'
import { WaitingText } from '../runs/WaitingText.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'

/** Starts the first run in place when it needs no answers, otherwise opens its form; then shows its state live. */
export const RunStep = ({ guide }: { guide: GuideView }) => {
  const trpc = useTRPC()
  const router = useRouter()
  const { to } = useWorkspace()
  const name = guide.deploymentName
  const deployment = useQuery(trpc.deployments.get.queryOptions({ name: name ?? '' }, { enabled: name !== null }))
  const latest = useQuery(trpc.runs.list.queryOptions({ limit: 1 }))
  const create = useMutation(trpc.runs.create.mutationOptions({ onError: toastError('The run was not created') }))
  const run = latest.data?.items[0]
  const start = () => {
    if (!name || !deployment.data) return
    const fields = formModel(deployment.data.manifest.parameterSchema)
    const missing = missingFields(fields, startValues(fields, deployment.data.manifest.parameters))
    if (missing.size > 0) router.push(to(`/deployments/${name}?run=1`))
    else create.mutate({ deployment: name })
  }
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">Start it here or from your terminal, and watch it live.</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary" icon={<Play size={14} />} busy={create.isPending} disabled={!deployment.data} onClick={start}>
          Run {name}
        </Button>
        {run && (
          <span className="flex min-w-0 items-center gap-3">
            <StateBadge state={run.state.name} />
            <Link href={to(`/runs/${run.id}`)} className="truncate font-medium hover:underline">
              {run.name}
            </Link>
          </span>
        )}
        {run && (
          <LinkButton size="sm" variant="ghost" href={to(`/runs/${run.id}`)}>
            Watch it
          </LinkButton>
        )}
      </div>
      {run && <WaitingText run={run} />}
      <CodeBlock prompt code={`towline run ${name ?? '<deployment>'} --watch`} label="command" />
    </div>
  )
}
