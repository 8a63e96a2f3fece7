import type { AppRouter } from '@towline/api/router'
import { createTRPCClient, httpLink } from '@trpc/client'
import superjson from 'superjson'

export type Api = ReturnType<typeof connectApi>

/** The API as a program sees it that holds a user key. */
export const connectApi = ({ url, key }: { url: string; key: string }) =>
  createTRPCClient<AppRouter>({
    links: [
      httpLink({ url: `${url}/api/trpc`, transformer: superjson, headers: { authorization: `Bearer ${key}`, 'x-towline-client': 'test' } }),
    ],
  })
