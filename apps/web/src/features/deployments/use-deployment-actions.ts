'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'

/** Pausing shows at once, can be undone from its message, and is taken back when the server refuses. */
export const useDeploymentActions = (name: string) => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const key = trpc.deployments.get.queryKey({ name })
  const show = (paused: boolean) => queryClient.setQueryData(key, (now) => now && { ...now, paused })

  const pause = useMutation(
    trpc.deployments.update.mutationOptions({
      onMutate: ({ paused }) => {
        const before = queryClient.getQueryData(key)?.paused
        if (paused !== undefined) show(paused)
        return { before }
      },
      onSuccess: ({ paused }) => {
        toast.success(paused ? 'Paused: new runs wait' : 'Resumed', {
          action: { label: 'Undo', onClick: () => pause.mutate({ name, paused: !paused }) },
        })
        void queryClient.invalidateQueries(trpc.deployments.pathFilter())
      },
      onError: (error, _input, context) => {
        if (context?.before !== undefined) show(context.before)
        toastError('The deployment was not changed')(error)
      },
    }),
  )
  const remove = useMutation(
    trpc.deployments.delete.mutationOptions({
      onSuccess: () => {
        toast.success(`${name} is deleted`)
        void queryClient.invalidateQueries(trpc.deployments.list.pathFilter())
      },
      onError: toastError('The deployment was not deleted'),
    }),
  )
  return { pause, remove }
}
