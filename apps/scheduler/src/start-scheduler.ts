import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EngineContext } from '@towline/engine/context'
import { type Loop, startLoop } from '@towline/service/loop'
import { createMetrics } from '@towline/service/metrics'
import { type Duty, dutiesOf } from './duties.ts'
import { Lines } from './lines.ts'
import { Promotion } from './promotion.ts'

export type Scheduler = {
  port: number
  /** By the name of the duty, for tests. */
  loops: ReadonlyMap<string, Loop>
  /** Rounds under way end, then everything closes. Idempotent. */
  stop(): Promise<void>
}

/** `keptDays`: how long runs are kept after their end; 0: for ever. */
export type SchedulerSettings = { port: number; leaseSeconds: number; keptDays: number }

/** A duty that has not succeeded for this long makes /healthz say so. */
const UNHEALTHY_AFTER_MS = 30_000

/**
 * All background duties of the control plane, each in a loop of its own. Any number of schedulers may run: every round locks what it takes
 * and passes over what another holds. A round that fails (PostgreSQL is away) waits by backoff and goes on.
 */
export const startScheduler = async (engine: EngineContext, { port, ...terms }: SchedulerSettings): Promise<Scheduler> => {
  const metrics = createMetrics('scheduler')
  const rounds = metrics.counter({ name: 'towline_scheduler_rounds_total', help: 'Rounds of each duty', labels: ['duty', 'result'] })
  const items = metrics.counter({
    name: 'towline_scheduler_items_total',
    help: 'Runs, agents or partitions that each duty changed',
    labels: ['duty'],
  })
  const loops = new Map<string, Loop>()
  const failingSince = new Map<string, number>()

  const start = ({ name, intervalMs, runOnce }: Duty): Loop => {
    const loop = startLoop({
      name,
      intervalMs,
      log: engine.log,
      runOnce: async () => {
        try {
          const { done, more } = await runOnce()
          failingSince.delete(name)
          rounds.inc({ duty: name, result: 'ok' })
          if (done > 0) items.inc({ duty: name }, done)
          return more ? 'again' : undefined
        } catch (error) {
          failingSince.set(name, failingSince.get(name) ?? Date.now())
          rounds.inc({ duty: name, result: 'failed' })
          throw error
        }
      },
    })
    loops.set(name, loop)
    return loop
  }

  for (const duty of dutiesOf(engine, terms)) start(duty)
  const promotion = new Promotion(engine)
  const promote = start({ name: 'promote-due-runs', intervalMs: 5000, runOnce: () => promotion.runOnce((reason) => promote.wake(reason)) })
  const lines = new Lines(engine)
  const tend = start({ name: 'tend-lines', intervalMs: 1000, runOnce: () => lines.runOnce((reason) => tend.wake(reason)) })
  const wokenBy = (topic: string, loop: Loop) =>
    engine.bus.subscribe(
      topic,
      () => loop.wake('bus'),
      () => loop.wake('resync'),
    )
  const unsubscribe = [wokenBy('due', promote), wokenBy('line', tend)]

  const server = createServer((request, response) => answer(request, response))
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/metrics') return void metrics.handle(request, response)
    if (request.url !== '/healthz') return void response.writeHead(404).end()
    const failing = [...failingSince].filter(([, since]) => Date.now() - since > UNHEALTHY_AFTER_MS).map(([name]) => name)
    response
      .writeHead(failing.length === 0 ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ok: failing.length === 0, failing }))
  }
  const stopLoops = async (): Promise<void> => {
    for (const stop of unsubscribe) stop()
    await Promise.all([...loops.values()].map((loop) => loop.stop()))
    promotion.stop()
    lines.stop()
  }
  try {
    server.listen(port)
    await once(server, 'listening')
  } catch (error) {
    await stopLoops()
    throw error
  }

  const stop = async (): Promise<void> => {
    await stopLoops()
    server.close()
    server.closeAllConnections()
  }
  let stopping: Promise<void> | undefined
  return {
    port: (server.address() as AddressInfo).port,
    loops,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}
