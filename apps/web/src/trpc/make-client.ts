import type { AppRouter } from '@towline/api/router'
import { richJson } from '@towline/contract/rich-json'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'

const URL = '/api/trpc'

/** One client per workspace: every call says which workspace it means, so two tabs on two workspaces never mix. */
export const makeClient = (workspace: string | null) =>
  createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({
          url: URL,
          transformer: richJson,
          // An EventSource sends no headers of ours; these travel in its address.
          connectionParams: () => (workspace ? { workspace } : {}),
        }),
        false: httpBatchLink({
          url: URL,
          transformer: richJson,
          maxURLLength: 4000,
          headers: () => ({ 'x-towline-client': 'web', ...(workspace ? { 'x-towline-workspace': workspace } : {}) }),
        }),
      }),
    ],
  })
