'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { QueueView } from '@towline/contract/views'
import { toast } from 'sonner'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'

/** Queues of one pool. A pause shows at once and is taken back when the server refuses. */
export const useQueueActions = (pool: string) => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const key = trpc.pools.get.queryKey({ name: pool })
  const refresh = () => {
    void queryClient.invalidateQueries(trpc.pools.get.queryFilter({ name: pool }))
    void queryClient.invalidateQueries(trpc.limits.list.pathFilter())
    void queryClient.invalidateQueries(trpc.runs.get.pathFilter())
  }
  const show = (name: string, change: Partial<QueueView>) =>
    queryClient.setQueryData(
      key,
      (data) => data && { ...data, queues: data.queues.map((queue) => (queue.name === name ? { ...queue, ...change } : queue)) },
    )
  const create = useMutation(trpc.queues.create.mutationOptions({ onSuccess: refresh }))
  const update = useMutation(
    trpc.queues.update.mutationOptions({
      onMutate: ({ name, paused }) => {
        const before = queryClient.getQueryData(key)
        if (paused !== undefined) show(name, { paused })
        return { before }
      },
      onSuccess: (queue, { paused }) => {
        refresh()
        if (paused === undefined) toast.success(`${queue.name} is served at ${queue.priority}`)
        else
          toast.success(queue.paused ? `${queue.name} is paused: nothing new is handed out` : `${queue.name} is open again`, {
            action: { label: 'Undo', onClick: () => update.mutate({ pool, name: queue.name, paused: !queue.paused }) },
          })
      },
      onError: (error, _input, context) => {
        if (context?.before) queryClient.setQueryData(key, context.before)
        toastError('The queue was not changed')(error)
      },
    }),
  )
  const remove = useMutation(
    trpc.queues.delete.mutationOptions({
      onSuccess: ({ name }) => {
        toast.success(`${name} is deleted`)
        refresh()
      },
      onError: toastError('The queue was not deleted'),
    }),
  )
  return { create, update, remove }
}
