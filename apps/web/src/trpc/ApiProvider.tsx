'use client'

import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { makeClient } from './make-client.ts'
import { makeQueryClient } from './make-query-client.ts'
import { TRPCProvider } from './trpc.ts'

/** Calls and cache of one workspace (or of none). Give it `key={workspace}`: another workspace starts with an empty cache. */
export const ApiProvider = ({ workspace, children }: { workspace: string | null; children: ReactNode }) => {
  const [queryClient] = useState(makeQueryClient)
  const [client] = useState(() => makeClient(workspace))
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
