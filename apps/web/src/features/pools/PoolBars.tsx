'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../trpc/trpc.ts'
import { RunBars } from '../../ui/RunBars.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'

/** The last runs of a pool; its place is held while they are read. The questions of all rows travel together. */
export const PoolBars = ({ pool }: { pool: string }) => {
  const { to } = useWorkspace()
  const history = useQuery(useTRPC().pools.history.queryOptions({ name: pool }))
  return <RunBars runs={history.data ?? []} href={(id) => to(`/runs/${id}`)} />
}
