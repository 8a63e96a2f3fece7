import type { LimitRef } from '@towline/contract/limit-views'
import { deleteLimit } from '@towline/engine/limits/delete-limit'
import { setLimit } from '@towline/engine/limits/set-limit'
import { createRuns } from '@towline/engine/runs/create-runs'
import type { AgentsSettings } from '../agents-process.ts'
import { LoadProcess } from '../child.ts'
import type { ControlPlane } from '../control-plane.ts'
import { measureThroughput } from '../throughput.ts'

type Side = { perSecond: number[]; cpuMicros: Record<string, number>[] }
export type OnOff = { off: Side; on: Side }

const NAME = 'on-off'
/** Three limits for every run, none of which ever holds one. */
const LIMITS: LimitRef[] = [
  { kind: 'pool', pool: NAME },
  { kind: 'deployment', deployment: NAME },
  { kind: 'tag', tag: NAME },
]

/** Whole lives of runs with the limits and without them, in turn, so that neither has the younger tables nor the quieter minute. */
export const measureOnOff = async (plane: ControlPlane, { runs, rounds }: { runs: number; rounds: number }): Promise<OnOff> => {
  const { engine, workspaceId } = plane
  const { agentKey } = await plane.addPool(NAME, ['true'])
  const result: OnOff = { off: { perSecond: [], cpuMicros: [] }, on: { perSecond: [], cpuMicros: [] } }
  const live = async (total: number, side: Side | null): Promise<void> => {
    const load = new LoadProcess('agents-process.ts', {
      url: plane.gatewayUrl,
      key: agentKey,
      agents: 4,
      capacity: 1000,
    } satisfies AgentsSettings)
    try {
      await load.ready()
      const { perSecond, cpuMicros } = await measureThroughput({
        load,
        counted: { gateway: { pid: plane.gatewayPid }, postgres: { pid: plane.postgresPid, children: true } },
        total,
        addBatch: async (count) => {
          const batch = Array.from({ length: count }, () => ({ deployment: NAME, tags: [NAME], parameters: { note: 'x'.repeat(200) } }))
          await createRuns(engine, { workspaceId, actor: 'bench', runs: batch })
        },
      })
      side?.perSecond.push(perSecond)
      side?.cpuMicros.push(cpuMicros)
    } finally {
      await load.stop()
    }
  }
  await live(Math.ceil(runs / 5), null)
  for (let round = 0; round < rounds; round += 1) {
    await live(runs, result.off)
    for (const limit of LIMITS) await setLimit(engine, { workspaceId, limit, slots: 100_000, actor: 'bench' })
    await live(runs, result.on)
    for (const limit of LIMITS) await deleteLimit(engine, { workspaceId, limit })
  }
  return result
}
