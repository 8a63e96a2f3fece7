import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMetrics } from '@towline/service/metrics'
import type { Agent } from './agent.ts'

/** /healthz is true only while the agent is connected and pulling: a supervisor that looks at it sees what people see on the page of the pool. */
export const startHealthServer = async (agent: Agent, port: number): Promise<{ port: number; server: Server }> => {
  const metrics = createMetrics('agent')
  for (const phase of ['assigned', 'launching', 'running', 'ended'] as const) {
    metrics.gauge({ name: `towline_agent_runs_${phase}`, help: `Attempts that are ${phase}`, read: () => agent.counts()[phase] })
  }
  metrics.gauge({ name: 'towline_agent_healthy', help: '1 while connected and pulling', read: () => (agent.unhealthy() === null ? 1 : 0) })
  const server = createServer((request, response) => {
    if (request.url === '/metrics') return void metrics.handle(request, response)
    if (request.url !== '/healthz') return void response.writeHead(404).end()
    const reason = agent.unhealthy()
    response
      .writeHead(reason === null ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify(reason === null ? { ok: true } : { ok: false, reason }))
  })
  server.listen(port)
  await once(server, 'listening')
  server.unref()
  return { port: (server.address() as AddressInfo).port, server }
}
