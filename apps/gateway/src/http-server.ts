import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { AGENT_PATH, MAX_FRAME_BYTES } from '@towline/contract/frames'
import { WebSocketServer } from 'ws'
import { acceptAgent } from './accept-agent.ts'
import type { GatewayContext } from './gateway-context.ts'
import { answer, bearerOf, handleRunRequest } from './run-http.ts'

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?')[0] ?? '/'

/** The one port of a gateway: agents' WebSocket, runs' HTTP API, and what watches the process. */
export const createHttpServer = (gw: GatewayContext): Server => {
  const server = createServer((request, response) => {
    handle(gw, request, response).catch((error: unknown) => {
      gw.log.error({ err: error }, 'A request failed')
      response.destroy()
    })
  })
  // A message between the bound of the protocol and this one is answered with a close reason; beyond it the socket is cut (1009).
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * MAX_FRAME_BYTES, perMessageDeflate: false, clientTracking: false })
  server.on('upgrade', (request, stream, head) => {
    if (pathOf(request) !== AGENT_PATH) return refuseUpgrade(stream, 404, 'Not Found')
    const key = bearerOf(request)
    if (key === null) return refuseUpgrade(stream, 401, 'Unauthorized')
    sockets.handleUpgrade(request, stream, head, (ws) => void acceptAgent(gw, ws, key))
  })
  // Runs keep their connection between reports.
  server.keepAliveTimeout = 65_000
  return server
}

const handle = async (gw: GatewayContext, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const path = pathOf(request)
  if (path.startsWith('/v1/run/')) return handleRunRequest(gw, request, response, path)
  if (path === '/healthz') return answer(response, 200, { ok: true })
  if (path === '/readyz') return ready(gw, response)
  if (path === '/metrics') return gw.metrics.handle(request, response)
  if (path === AGENT_PATH)
    return answer(response, 426, { error: { code: 'invalid_input', message: 'Agents connect here with a WebSocket.' } })
  answer(response, 404, { error: { code: 'not_found', message: `There is no ${path} here.` } })
}

/** May a load balancer send agents and runs here? */
const ready = async (gw: GatewayContext, response: ServerResponse): Promise<void> => {
  if (gw.isStopping()) return answer(response, 503, { ok: false, reason: 'stopping' })
  try {
    await gw.engine.db.enginePool.query('select 1')
    answer(response, 200, { ok: true })
  } catch {
    answer(response, 503, { ok: false, reason: 'the database is away' })
  }
}

const refuseUpgrade = (stream: Duplex, status: number, text: string): void => {
  stream.on('error', () => stream.destroy())
  stream.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
