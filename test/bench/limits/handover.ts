import { setLimit } from '@towline/engine/limits/set-limit'
import { createRuns } from '@towline/engine/runs/create-runs'
import { LoadProcess } from '../child.ts'
import type { ControlPlane } from '../control-plane.ts'
import { type Percentiles, percentiles } from '../stats.ts'
import type { HandoverSettings } from './handover-process.ts'

export type Handover = { sinceEnd: Percentiles; sinceAck: Percentiles; most: number }

type Options = {
  plane: ControlPlane
  tag: string
  samples: number
  /** Where agents are, each with a pool of its own; their runs stand in one line, that of the tag. */
  gateways: readonly string[]
}

/**
 * One slot and a line of waiters: from the message that its holder has ended to the moment when the next run is at an agent. What lies
 * between: the end with its event is written, the slot freed, the next one called, claimed with its lease, and sent.
 */
export const measureHandover = async ({ plane, tag, samples, gateways }: Options): Promise<Handover> => {
  const { engine, workspaceId } = plane
  const warmUp = 20
  await setLimit(engine, { workspaceId, limit: { kind: 'tag', tag }, slots: 1, actor: 'bench' })
  const agents: HandoverSettings['agents'] = []
  for (const [index, url] of gateways.entries()) {
    const name = `${tag}-${index}`
    agents.push({ url, name, key: (await plane.addPool(name, ['true'])).agentKey })
  }
  const load = new LoadProcess('limits/handover-process.ts', { agents, slots: 1, count: samples, warmUp } satisfies HandoverSettings)
  try {
    await load.ready()
    const done = load.waitFor((message) => (message.kind === 'handed-over' ? message : null))
    const runs = Array.from({ length: samples + warmUp + 10 }, (_, run) => ({
      deployment: agents[run % agents.length]?.name ?? '',
      tags: [tag],
    }))
    await createRuns(engine, { workspaceId, actor: 'bench', runs })
    const { sinceEnd, sinceAck, most } = await done
    return { sinceEnd: percentiles(sinceEnd), sinceAck: percentiles(sinceAck), most }
  } finally {
    await load.stop()
  }
}
