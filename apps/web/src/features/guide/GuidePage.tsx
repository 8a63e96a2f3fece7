'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { GuideView } from '@towline/contract/views'
import { PartyPopper } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { DeployCommands } from '../deployments/DeployCommands.tsx'
import { CreatePoolForm } from '../pools/CreatePoolForm.tsx'
import { InstallAgent } from '../pools/InstallAgent.tsx'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { RunStep } from './RunStep.tsx'
import { Step } from './Step.tsx'

const ORDER = ['pool', 'agent', 'deployment', 'run'] as const

const Waiting = ({ children }: { children: string }) => (
  <p className="flex items-center gap-2 text-xs text-faint" role="status">
    <span aria-hidden className="size-3 animate-ring rounded-full border-[1.5px] border-accent border-r-transparent" />
    {children}
  </p>
)

const Steps = ({ guide }: { guide: GuideView }) => {
  const current = ORDER.find((step) => !guide.steps[step])
  const step = (id: (typeof ORDER)[number]) => ({ number: ORDER.indexOf(id) + 1, done: guide.steps[id], current: current === id })
  return (
    <ol className="flex flex-col gap-3">
      <Step {...step('pool')} title="Create a work pool" summary={guide.pool?.name}>
        <p className="mb-4 text-muted">
          A pool is where runs go. It says how they are launched; agents in your infrastructure take them from there.
        </p>
        <CreatePoolForm suggested="default" onCreated={() => undefined} />
      </Step>
      <Step {...step('agent')} title="Connect an agent" summary="connected">
        <div className="flex flex-col gap-4">
          <p className="text-muted">
            An agent is one process on a machine of yours. It dials out, so nothing has to be opened. Run this where your code may run; your
            laptop will do.
          </p>
          {guide.pool && <InstallAgent pool={guide.pool} />}
          <Waiting>Waiting for an agent to connect…</Waiting>
        </div>
      </Step>
      <Step {...step('deployment')} title="Register a deployment" summary={guide.deploymentName}>
        <div className="flex flex-col gap-4">
          <p className="text-muted">
            <span className="font-mono">towline init</span> writes an example flow and a <span className="font-mono">towline.yaml</span>;{' '}
            <span className="font-mono">towline deploy</span> registers it.
          </p>
          <DeployCommands />
          <Waiting>Waiting for a deployment…</Waiting>
        </div>
      </Step>
      <Step {...step('run')} title="See a run complete" summary="completed">
        <RunStep guide={guide} />
      </Step>
    </ol>
  )
}

export const GuidePage = () => {
  const trpc = useTRPC()
  const router = useRouter()
  const queryClient = useQueryClient()
  const { to } = useWorkspace()
  const guide = useQuery(trpc.guide.get.queryOptions())
  const dismiss = useMutation(
    trpc.guide.dismiss.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.guide.pathFilter())
        router.push(to(''))
      },
      onError: toastError('The guide was not put away'),
    }),
  )
  const complete = guide.data && ORDER.every((step) => guide.data.steps[step])
  return (
    <Page title="Getting started" crumbs={[{ label: 'Getting started' }]} narrow>
      <PageHeader
        title="Getting started"
        description="Four steps to the first run on your own machine. Each ticks itself when it has happened."
        actions={
          guide.data &&
          !guide.data.dismissed && (
            <Button variant="ghost" busy={dismiss.isPending} onClick={() => dismiss.mutate()}>
              {complete ? 'Put this page away' : 'Not now'}
            </Button>
          )
        }
      />
      {guide.error && !guide.data && (
        <ErrorNotice what="The guide cannot be shown." error={guide.error} onRetry={() => void guide.refetch()} />
      )}
      {complete && (
        <Notice
          tone="green"
          icon={<PartyPopper size={16} />}
          title="That is the whole way"
          actions={
            <>
              {guide.data.runId && (
                <LinkButton size="sm" href={to(`/runs/${guide.data.runId}`)}>
                  See the run
                </LinkButton>
              )}
              <LinkButton size="sm" href={to('')}>
                Overview
              </LinkButton>
            </>
          }
        >
          Your flow ran on your infrastructure and reported here.
        </Notice>
      )}
      {guide.data ? (
        <Steps guide={guide.data} />
      ) : (
        guide.isPending && (
          <div className="flex flex-col gap-3" aria-busy="true">
            {ORDER.map((step) => (
              <Skeleton key={step} className="h-13 w-full rounded-lg" />
            ))}
          </div>
        )
      )}
    </Page>
  )
}
