import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { richJson } from '@towline/contract/rich-json'
import { createBus } from '@towline/db/bus'
import { createTestDatabase } from '@towline/db/test-database'
import type { EngineContext } from '@towline/engine/context'
import { ManualClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, TRPCClientError } from '@trpc/client'
import { createApiHandler } from '../http.ts'
import { createRateLimits } from '../rate-limits.ts'
import type { AppRouter } from '../router.ts'
import { FetchEventSource } from './fetch-event-source.ts'

export type Client = ReturnType<typeof createTRPCClient<AppRouter>>
export type TestApi = Awaited<ReturnType<typeof startTestApi>>

/** The API behind a real HTTP server on a database of its own. A session's cookie is `session=<user id>` here: sealing it is the web server's business. */
export const startTestApi = async () => {
  const database = await createTestDatabase()
  const bus = createBus(database.db)
  await bus.ready()
  const clock = new ManualClock(new Date())
  const engine: EngineContext = { db: database.db, bus, clock, log: createLogger('test', { level: 'silent' }) }
  const limits = createRateLimits(clock)
  const handle = createApiHandler({
    engine,
    limits,
    publicUrl: 'https://towline.test',
    readSession: async (cookie) => {
      const userId = /session=([0-9a-f-]{36})/.exec(cookie)?.[1]
      return userId === undefined ? null : { userId }
    },
    addressOf: (request) => String(request.headers['x-test-address'] ?? 'local'),
  })
  const server = createServer((request, response) => {
    void handle(request, response).then((handled) => handled || response.writeHead(404).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const client = (headers: Record<string, string>): Client =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === 'subscription',
          true: httpSubscriptionLink({
            url: `${url}/api/trpc`,
            transformer: richJson,
            EventSource: FetchEventSource,
            eventSourceOptions: () => ({ headers }),
          }),
          false: httpBatchLink({ url: `${url}/api/trpc`, transformer: richJson, headers }),
        }),
      ],
    })
  const session = (userId: string, workspace?: string, more: Record<string, string> = {}): Client =>
    client({ cookie: `session=${userId}`, 'x-towline-client': 'test', ...(workspace && { 'x-towline-workspace': workspace }), ...more })

  let people = 0
  const signUp = () =>
    client({ 'x-test-address': `person-${++people}` }).auth.signUp.mutate({
      email: `p${people}@towline.test`,
      password: 'correct horse',
      name: `Person ${people}`,
    })

  /** An owner with a workspace, a process pool `blue` and a user key. */
  const tenant = async (slug: string) => {
    const user = await signUp()
    const workspace = await session(user.id).workspaces.create.mutate({ name: slug, slug })
    const as = session(user.id, slug)
    const pool = await as.pools.create.mutate({ name: 'blue', type: 'process' })
    const key = await as.keys.create.mutate({ kind: 'user', name: 'laptop' })
    return { user, workspace, as, pool, key, withKey: client({ authorization: `Bearer ${key.secret}` }) }
  }

  /** Somebody else in the workspace. */
  const member = async (workspaceId: string, slug: string, role: string): Promise<{ id: string; as: Client }> => {
    const user = await signUp()
    await database.db.enginePool.query('insert into membership (workspace_id, user_id, role) values ($1, $2, $3)', [
      workspaceId,
      user.id,
      role,
    ])
    return { id: user.id, as: session(user.id, slug) }
  }

  return {
    url,
    engine,
    clock,
    client,
    session,
    signUp,
    tenant,
    member,
    anybody: client({}),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await bus.close()
      await database.drop()
    },
  }
}

/** The code of a refused call; fails when the call went through. */
export const codeOf = async (call: Promise<unknown>): Promise<string> => (await refusalOf(call)).code

export const refusalOf = async (call: Promise<unknown>): Promise<{ code: string; message: string; id: string; httpStatus: number }> => {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError && error.data?.towline !== undefined)
      return { ...error.data.towline, httpStatus: error.data.httpStatus }
    throw error
  }
  throw new Error('the call was not refused')
}

export const command = (name: string, more: object = {}) => ({
  name,
  flow: 'etl',
  pool: 'blue',
  code: { kind: 'command' as const, command: ['true'] },
  ...more,
})
