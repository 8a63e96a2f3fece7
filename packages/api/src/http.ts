import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EngineContext } from '@towline/engine/context'
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http'
import { createContext } from './context.ts'
import { describeError, newRequestId } from './errors.ts'
import { identify, type ReadSession } from './identify.ts'
import { putBundle } from './put-bundle.ts'
import type { RateLimits } from './rate-limits.ts'
import { appRouter } from './router.ts'
import { sendError } from './send-json.ts'

export const TRPC_PATH = '/api/trpc/'
export const BUNDLES_PATH = '/api/bundles/'

/** A manifest is at most 256 KiB, and a batch carries a handful of calls. */
const MAX_TRPC_BYTES = 2 * 1024 * 1024

type Options = {
  engine: EngineContext
  publicUrl: string
  limits: RateLimits
  readSession: ReadSession
  /** The client's address, as far as trusted proxies name it. */
  addressOf: (request: IncomingMessage) => string
}

/** The API's door: answers its own paths and says false to every other. */
export const createApiHandler = ({ engine, publicUrl, limits, readSession, addressOf }: Options) => {
  const log = engine.log
  const makeContext = (request: IncomingMessage, requestId: string, connectionWorkspace: string | null) =>
    createContext({
      engine,
      config: { publicUrl },
      limits,
      requestId,
      address: addressOf(request),
      client: header(request, 'x-towline-client'),
      workspaceSlug: header(request, 'x-towline-workspace') ?? connectionWorkspace,
      auth: () => identify(engine, request.headers, readSession),
    })

  const trpc = (request: IncomingMessage, response: ServerResponse, path: string) => {
    const requestId = newRequestId()
    response.setHeader('x-request-id', requestId)
    response.setHeader('cache-control', 'no-store')
    return nodeHTTPRequestHandler({
      req: request,
      res: response,
      path,
      router: appRouter,
      maxBodySize: MAX_TRPC_BYTES,
      createContext: ({ info }) => makeContext(request, requestId, info.connectionParams?.workspace ?? null),
      onError: ({ error, path: procedure }) => logUnexpected(error, requestId, procedure),
    })
  }

  const bundle = async (request: IncomingMessage, response: ServerResponse, sha256: string) => {
    const requestId = newRequestId()
    response.setHeader('x-request-id', requestId)
    await putBundle(makeContext(request, requestId, null), { request, response, sha256 }).catch((error: unknown) => {
      logUnexpected(error, requestId, 'PUT bundle')
      sendError(response, describeError(error, requestId))
    })
  }

  const logUnexpected = (error: unknown, id: string, procedure: string | undefined): void => {
    const { code } = describeError(error, id)
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    if (code === 'internal') log.error({ err: cause, id, procedure }, 'A call failed unexpectedly')
    else if (code === 'unavailable') log.warn({ err: cause, id, procedure }, 'The database is away')
    else log.debug({ code, id, procedure }, 'A call was refused')
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const { pathname } = new URL(request.url ?? '/', 'http://towline')
    if (pathname.startsWith(TRPC_PATH)) {
      await trpc(request, response, pathname.slice(TRPC_PATH.length))
      return true
    }
    if (pathname.startsWith(BUNDLES_PATH)) {
      await bundle(request, response, pathname.slice(BUNDLES_PATH.length))
      return true
    }
    return false
  }
}

const header = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name]
  return typeof value === 'string' && value !== '' ? value : null
}
