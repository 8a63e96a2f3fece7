import type { EngineContext } from '@towline/engine/context'
import type { Caller } from './caller.ts'
import type { RateLimits } from './rate-limits.ts'

export type ApiConfig = {
  /** Where people reach the dashboard, without a slash at the end. */
  publicUrl: string
}

/** What every procedure gets. One is made per HTTP request; a batch of calls shares it. */
export type ApiContext = {
  engine: EngineContext
  config: ApiConfig
  limits: RateLimits
  requestId: string
  /** Address of the client, as far as trusted proxies name it. */
  address: string
  /** Value of the header x-towline-client: a page of another origin cannot send it without our consent. */
  client: string | null
  /** Slug from the header x-towline-workspace (or the connection parameter of an event stream). */
  workspaceSlug: string | null
  /** Looks the key or the session up once per request. Throws for a key that is unknown, revoked or expired. */
  authenticate: () => Promise<Caller>
}

type Options = Omit<ApiContext, 'authenticate'> & { auth: () => Promise<Caller> }

export const createContext = ({ auth, ...rest }: Options): ApiContext => {
  let caller: Promise<Caller> | undefined
  return {
    ...rest,
    authenticate: () => {
      caller ??= auth()
      return caller
    },
  }
}
