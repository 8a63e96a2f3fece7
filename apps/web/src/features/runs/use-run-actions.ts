'use client'

import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Page, RetryMode, RunDetail, RunSummary } from '@towline/contract/views'
import { toast } from 'sonner'
import { readError } from '../../trpc/read-error.ts'
import { useTRPC, useTRPCClient } from '../../trpc/trpc.ts'
import { plural } from '../../ui/format/format-number.ts'

type Listed = InfiniteData<Page<RunSummary>>

const cancelled = <T extends RunSummary>(run: T): T => {
  const atOnce = run.state.type === 'SCHEDULED'
  return {
    ...run,
    waiting: null,
    state: {
      name: atOnce ? 'Cancelled' : 'Cancelling',
      type: atOnce ? 'CANCELLED' : 'CANCELLING',
      message: 'Cancel was asked for.',
      at: new Date(),
    },
  }
}

/** Cancel and retry for one run or many: shown at once, taken back with a message when the engine refuses. */
export const useRunActions = () => {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()

  const show = (ids: string[]) => {
    queryClient.setQueriesData<Listed>(trpc.runs.list.pathFilter(), (data) =>
      data && 'pages' in data
        ? {
            ...data,
            pages: data.pages.map((page) => ({ ...page, items: page.items.map((run) => (ids.includes(run.id) ? cancelled(run) : run)) })),
          }
        : data,
    )
    for (const id of ids) queryClient.setQueryData<RunDetail>(trpc.runs.get.queryKey({ id }), (run) => run && cancelled(run))
  }

  const settle = async <T extends RunSummary>(action: 'cancel' | 'retry', ids: string[], act: (id: string) => Promise<T>): Promise<T[]> => {
    const answers = await Promise.allSettled(ids.map(act))
    await queryClient.invalidateQueries(trpc.runs.list.pathFilter())
    for (const id of ids) void queryClient.invalidateQueries(trpc.runs.get.queryFilter({ id }))
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [readError(answer.reason)] : []))
    if (refused[0]) {
      const what =
        refused.length === ids.length
          ? `Not ${action === 'cancel' ? 'cancelled' : 'retried'}`
          : `${plural(refused.length, 'run')} of ${ids.length} refused`
      toast.error(what, { description: refused[0].id ? `${refused[0].message} (${refused[0].id})` : refused[0].message })
    }
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  }

  const cancel = useMutation({
    mutationFn: (ids: string[]) => settle('cancel', ids, (id) => client.runs.cancel.mutate({ id })),
    onMutate: show,
    onSuccess: (done) => {
      if (done.length > 0) toast.success(done.length === 1 ? 'Cancel sent' : `Cancel sent to ${plural(done.length, 'run')}`)
    },
  })
  const retry = useMutation({
    mutationFn: ({ ids, mode = 'all' }: { ids: string[]; mode?: RetryMode }) =>
      settle('retry', ids, (id) => client.runs.retry.mutate({ id, mode })),
    onSuccess: (done, { mode }) => {
      const what = mode === 'from-failed' ? 'Retry from failed scheduled' : 'Retry scheduled'
      if (done.length > 0) toast.success(done.length === 1 ? what : `${plural(done.length, 'retry', 'retries')} scheduled`)
    },
  })
  return { cancel, retry }
}
