'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'

/** Pausing shows at once and is taken back when the server refuses. */
export const usePoolActions = (name: string) => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const key = trpc.pools.get.queryKey({ name })
  const update = useMutation(
    trpc.pools.update.mutationOptions({
      onMutate: (input) => {
        const before = queryClient.getQueryData(key)
        if (before && input.paused !== undefined) queryClient.setQueryData(key, { ...before, paused: input.paused })
        return { before }
      },
      onSuccess: (pool, input) => {
        queryClient.setQueryData(key, pool)
        void queryClient.invalidateQueries(trpc.pools.list.pathFilter())
        if (input.paused === undefined) toast.success('Saved')
        else
          toast.success(pool.paused ? 'Paused: nothing new is handed out' : 'Resumed', {
            action: { label: 'Undo', onClick: () => update.mutate({ name, paused: !pool.paused }) },
          })
      },
      onError: (error, _input, context) => {
        if (context?.before) queryClient.setQueryData(key, context.before)
        toastError('The pool was not changed')(error)
      },
    }),
  )
  const remove = useMutation(
    trpc.pools.delete.mutationOptions({
      onSuccess: () => {
        toast.success(`${name} is deleted`)
        void queryClient.invalidateQueries(trpc.pools.list.pathFilter())
      },
      onError: toastError('The pool was not deleted'),
    }),
  )
  return { update, remove }
}
