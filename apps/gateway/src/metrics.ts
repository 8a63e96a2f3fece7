import { createMetrics, type Metrics } from '@towline/service/metrics'
import type { Registry } from './registry.ts'

export type GatewayMetrics = ReturnType<typeof createGatewayMetrics>

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export const createGatewayMetrics = (registry: Registry) => {
  const metrics: Metrics = createMetrics('gateway')
  metrics.gauge({ name: 'towline_gateway_sockets', help: 'Agents that are connected', read: () => registry.size })
  metrics.gauge({
    name: 'towline_gateway_credits',
    help: 'Runs that connected agents could take now',
    read: () => registry.all().reduce((sum, socket) => sum + socket.credit.available(), 0),
  })
  return {
    handle: metrics.handle,
    framesIn: metrics.counter({ name: 'towline_gateway_frames_total', help: 'Frames received', labels: ['type'] }),
    badFrames: metrics.counter({ name: 'towline_gateway_bad_frames_total', help: 'Frames that did not parse' }),
    assigned: metrics.counter({ name: 'towline_gateway_runs_assigned_total', help: 'Runs handed to agents' }),
    claimSeconds: metrics.histogram({
      name: 'towline_gateway_claim_seconds',
      help: 'One claim for the credit of a pool',
      buckets: SECONDS,
    }),
    commitSeconds: metrics.histogram({
      name: 'towline_gateway_commit_seconds',
      help: 'From frame to acknowledgement',
      labels: ['type'],
      buckets: SECONDS,
    }),
    closed: metrics.counter({
      name: 'towline_gateway_sockets_closed_total',
      help: 'Connections that the gateway ended',
      labels: ['reason'],
    }),
    runRequests: metrics.counter({
      name: 'towline_gateway_run_requests_total',
      help: 'Requests of the run API',
      labels: ['path', 'status'],
    }),
  }
}
