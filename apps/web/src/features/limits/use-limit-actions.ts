'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { LimitView } from '@towline/contract/limit-views'
import { toast } from 'sonner'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { isPaused } from './limit-words.ts'
import { rememberedSlots, rememberSlots } from './remembered-slots.ts'

/** What can be done with a limit. A pause shows at once and is taken back when the server refuses. */
export const useLimitActions = () => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refresh = () => {
    void queryClient.invalidateQueries(trpc.limits.pathFilter())
    void queryClient.invalidateQueries(trpc.runs.list.pathFilter())
    void queryClient.invalidateQueries(trpc.runs.get.pathFilter())
  }
  const show = (id: string, change: Partial<LimitView>) => {
    queryClient.setQueriesData<LimitView[]>(trpc.limits.list.pathFilter(), (limits) =>
      limits?.map((limit) => (limit.id === id ? { ...limit, ...change } : limit)),
    )
    queryClient.setQueryData(trpc.limits.get.queryKey({ limit: { id } }), (limit) => limit && { ...limit, ...change })
  }

  const set = useMutation(
    trpc.limits.set.mutationOptions({
      onSuccess: (limit) => {
        show(limit.id, limit)
        refresh()
      },
    }),
  )
  const remove = useMutation(
    trpc.limits.delete.mutationOptions({
      onSuccess: () => {
        toast.success('The limit is deleted')
        // Its own page is still open and is left next: asking for it again would only find nothing.
        void queryClient.invalidateQueries(trpc.limits.list.pathFilter())
        void queryClient.invalidateQueries(trpc.limits.suggestions.pathFilter())
        void queryClient.invalidateQueries(trpc.runs.pathFilter())
      },
      onError: toastError('The limit was not deleted'),
    }),
  )
  const release = useMutation(
    trpc.limits.release.mutationOptions({
      onSuccess: ({ runName }) => {
        toast.success(`${runName} is told to stop`, { description: 'Its slot goes to the next in line as soon as it has stopped.' })
        refresh()
      },
    }),
  )

  const setSlots = (limit: LimitView, slots: number | null, said: string) => {
    const before = limit.slots
    show(limit.id, { slots })
    set.mutate(
      { limit: { id: limit.id }, slots },
      {
        onSuccess: () => toast.success(said, { action: { label: 'Undo', onClick: () => setSlots({ ...limit, slots }, before, 'Undone') } }),
        onError: (error) => {
          show(limit.id, { slots: before })
          toastError('The limit was not changed')(error)
        },
      },
    )
  }

  return {
    set,
    remove,
    release,
    pause: (limit: LimitView) => {
      rememberSlots(limit.id, limit.slots)
      setSlots(limit, 0, `${limit.name} is paused: nothing new is let in`)
    },
    /** False when nobody here knows how many slots it had: then a person has to say. */
    resume: (limit: LimitView): boolean => {
      if (!isPaused(limit)) return true
      const slots = rememberedSlots(limit.id)
      // Without a rate, no slots would be no limit at all.
      if (slots === undefined || (slots === null && limit.rate === null)) return false
      setSlots(limit, slots, `${limit.name} is open again`)
      return true
    },
  }
}
