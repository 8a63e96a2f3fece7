'use client'

import { useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { toastError } from '../../../trpc/toast-error.ts'
import { useTRPC, useTRPCClient } from '../../../trpc/trpc.ts'

type Kind = 'pools' | 'deployments'

/** Pauses or resumes; the message takes it back. No mutation of the cache's: the palette is gone before the answer comes, and its callbacks with it. */
export const useSetPaused = () => {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const set = async (kind: Kind, name: string, paused: boolean): Promise<void> => {
    try {
      await client[kind].update.mutate({ name, paused })
      toast.success(`${name} is ${paused ? 'paused' : 'resumed'}`, {
        action: { label: 'Undo', onClick: () => void set(kind, name, !paused) },
      })
    } catch (error) {
      toastError(`${name} was not ${paused ? 'paused' : 'resumed'}`)(error)
    }
    await queryClient.invalidateQueries(trpc[kind].pathFilter())
  }
  return set
}
