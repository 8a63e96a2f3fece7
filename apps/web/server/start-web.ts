import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApiHandler } from '@towline/api/http'
import { createRateLimits } from '@towline/api/rate-limits'
import type { EngineContext } from '@towline/engine/context'
import { checkDatabase } from '@towline/engine/overview/check-database'
import { setAuthDoor } from '../src/auth/auth-door.ts'
import { createAuthDoor } from './auth-door.ts'
import { clientAddress } from './client-address.ts'
import { DIST_PATH, serveDist } from './dist-files.ts'
import { installScript } from './install-script.ts'
import { createReadSession } from './read-session.ts'
import { sendText } from './send-text.ts'
import type { WebEnv } from './web-env.ts'

export type Pages = (request: IncomingMessage, response: ServerResponse) => Promise<void>

type Options = {
  engine: EngineContext
  env: Omit<WebEnv, 'databaseUrl'>
  /** Where the build of the repository left the agent, the CLI and the SDK. */
  root: string
  /** Makes what answers every path that is not ours: Next. It gets the server for its own sockets (hot reload). */
  createPages: (server: Server, port: number, signal: AbortSignal) => Promise<Pages>
}

export type Web = {
  port: number
  /** Resolves when the pages answer too; the API does so from the start. */
  pagesReady: Promise<void>
  stop: () => Promise<void>
}

/** The one HTTP server of the dashboard: the API and the installer are answered here, so that they never wait behind a page. */
export const startWeb = async ({ engine, env, root, createPages }: Options): Promise<Web> => {
  const limits = createRateLimits(engine.clock)
  setAuthDoor(createAuthDoor(engine, limits))
  const addressOf = (request: IncomingMessage) => clientAddress(request, env.trustedProxies)
  const api = createApiHandler({ engine, publicUrl: env.publicUrl, limits, readSession: createReadSession(env.secret), addressOf })
  const script = installScript(env)
  let pages: Pages = async (_request, response) => {
    response.setHeader('retry-after', '2').setHeader('refresh', '2')
    sendText(response, 503, 'The dashboard is starting. This page reloads by itself.')
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(SAFETY_HEADERS)) response.setHeader(name, value)
    const { pathname } = new URL(request.url ?? '/', 'http://towline')
    if (await api(request, response)) return
    if (pathname === '/healthz') return health(engine, response)
    if (pathname === '/install.sh') {
      response.writeHead(200, { 'content-type': 'text/x-shellscript; charset=utf-8', 'cache-control': 'no-cache' }).end(script)
      return
    }
    if (pathname.startsWith(DIST_PATH)) return serveDist(request, response, root, pathname.slice(DIST_PATH.length))
    // The sign-in routes read the address from here, so it must not be the client's invention.
    request.headers['x-forwarded-for'] = addressOf(request)
    await pages(request, response)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      engine.log.error({ err: error, path: request.url?.split('?')[0] }, 'A request failed unexpectedly')
      if (response.headersSent) response.destroy()
      else sendText(response, 500, 'The control plane could not do this. Its log says why.')
    })
  })
  // Longer than the idle timeout of usual proxies, so that none of them sends on a connection that we are closing.
  server.keepAliveTimeout = 75_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(env.port, env.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const stopping = new AbortController()
  const pagesReady = createPages(server, port, stopping.signal).then((ready) => {
    pages = ready
  })
  return {
    port,
    pagesReady,
    stop: () =>
      new Promise((resolve) => {
        stopping.abort()
        server.close(() => resolve())
        // Event streams never end by themselves; their clients open a new one elsewhere.
        server.closeAllConnections()
      }),
  }
}

const SAFETY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
}

const health = async (engine: EngineContext, response: ServerResponse): Promise<void> => {
  const fine = await checkDatabase(engine).catch(() => false)
  sendText(response, fine ? 200 : 503, fine ? 'ok' : 'the database does not answer')
}
