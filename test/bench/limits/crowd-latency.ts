import { setLimit } from '@towline/engine/limits/set-limit'
import { createRuns } from '@towline/engine/runs/create-runs'
import { until } from '@towline/service/until'
import type { AgentsSettings } from '../agents-process.ts'
import { LoadProcess } from '../child.ts'
import type { ControlPlane } from '../control-plane.ts'
import { measureIdleLatency } from '../idle-latency.ts'
import { monotonicMs, type Percentiles, percentiles } from '../stats.ts'

export type CrowdLatency = { without: Percentiles; inLine: Percentiles; arriving: Percentiles }

const NAME = 'busy'
const BLOCKED = 5000

/** A run that nothing holds: alone, beside 5,000 that a limit holds, and created right behind 5,000 new ones that it will hold. */
export const measureCrowdLatency = async (
  plane: ControlPlane,
  { samples, bursts }: { samples: number; bursts: number },
): Promise<CrowdLatency> => {
  const { engine, workspaceId } = plane
  const { agentKey } = await plane.addPool(NAME, ['true'])
  await setLimit(engine, { workspaceId, limit: { kind: 'tag', tag: NAME }, slots: 0, actor: 'bench' })
  const create = async (count: number, tags: string[]): Promise<string> => {
    const runs = Array.from({ length: count }, () => ({ deployment: NAME, tags }))
    return (await createRuns(engine, { workspaceId, actor: 'bench', runs }))[0]?.id ?? ''
  }
  const crowd = async (): Promise<void> => {
    for (let made = 0; made < BLOCKED; made += 1000) await create(1000, [NAME])
  }
  const blocked = async (): Promise<number> => {
    const { rows } = await engine.db.enginePool.query<{ waiting: number }>(
      'select count(*)::int as waiting from waiter w join concurrency_limit l on l.id = w.limit_id where l.workspace_id = $1 and l.tag = $2',
      [workspaceId, NAME],
    )
    return rows[0]?.waiting ?? 0
  }
  const load = new LoadProcess('agents-process.ts', {
    url: plane.gatewayUrl,
    key: agentKey,
    agents: 1,
    capacity: 10,
  } satisfies AgentsSettings)
  try {
    await load.ready()
    const alone = () => measureIdleLatency({ load, samples, create: () => create(1, []) })
    const without = (await alone()).received
    const arriving: number[] = []
    for (let burst = 1; burst <= bursts; burst += 1) {
      await crowd()
      const start = monotonicMs()
      const id = await create(1, [])
      arriving.push(
        (await load.waitFor((message) => (message.kind === 'received' && message.ids.includes(id) ? message.at : null))) - start,
      )
      const all = burst * BLOCKED
      await until(async () => (await blocked()) === all, { what: 'the line', timeoutMs: 60_000, intervalMs: 50 })
    }
    const inLine = (await alone()).received
    return { without, inLine, arriving: percentiles(arriving) }
  } finally {
    await load.stop()
  }
}
