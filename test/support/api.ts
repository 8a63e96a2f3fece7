import type { AppRouter } from '@towline/api/router'
import { richJson } from '@towline/contract/rich-json'
import { createTRPCClient, httpLink } from '@trpc/client'

export type Api = ReturnType<typeof connectApi>

type Caller = { url: string; key: string } | { url: string; headers: Record<string, string> }

const headersOf = (caller: Caller): Record<string, string> => {
  if ('headers' in caller) return caller.headers
  return { 'x-towline-client': 'test', ...(caller.key ? { authorization: `Bearer ${caller.key}` } : {}) }
}

/** The API as a program sees it that holds a user key, or with the headers of a browser. */
export const connectApi = (caller: Caller) =>
  createTRPCClient<AppRouter>({ links: [httpLink({ url: `${caller.url}/api/trpc`, transformer: richJson, headers: headersOf(caller) })] })
