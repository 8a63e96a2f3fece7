import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@towline/contract/app-error'
import { deleteLimit } from '@towline/engine/limits/delete-limit'
import { getLimit } from '@towline/engine/limits/get-limit'
import { releaseSlot } from '@towline/engine/limits/release-slot'
import { setLimit } from '@towline/engine/limits/set-limit'
import { cancelRun } from '@towline/engine/runs/cancel-run'
import { createRuns } from '@towline/engine/runs/create-runs'
import type { Machine } from './plant.ts'
import type { Premises } from './premises.ts'
import type { Random } from './random.ts'
import { DEPLOYMENTS, ELASTIC, FLEETING, LIMITS, planRun } from './workload.ts'

/** So many runs at most have not ended: enough for every line to be long, few enough to end in time. */
const MOST_LIVE = 90
export type Deeds = { created: string[]; cancels: number; releases: number; changes: number }

/** What people do, at random: runs are asked for and cancelled, slots taken back, limits raised, lowered, paused, made and deleted. */
export const stirLoad = async ({ engine, workspaceId, outside }: Premises, random: Random, signal: AbortSignal): Promise<Deeds> => {
  const deeds: Deeds = { created: [], cancels: 0, releases: 0, changes: 0 }
  const of = { workspaceId, actor: 'chaos' }
  const create = async (): Promise<void> => {
    const runs = Array.from({ length: random.int(1, 6) }, () => {
      const deployment = random.pick(Object.keys(DEPLOYMENTS))
      const { tags, priority, plan } = planRun(random, deployment)
      const at = random.chance(0.05) ? new Date(Date.now() + random.int(50, 800)) : undefined
      return { deployment, tags, priority, parameters: plan, at }
    })
    for (const { id } of await createRuns(engine, { ...of, runs })) deeds.created.push(id)
  }
  const cancel = async (): Promise<void> => {
    deeds.cancels += 1
    await cancelRun(engine, { ...of, runId: random.pick(deeds.created.slice(-60)) })
  }
  const release = async (): Promise<void> => {
    const { limit } = random.pick(LIMITS)
    const { holders } = await getLimit(engine, { workspaceId, limit })
    if (holders.length === 0) return
    deeds.releases += 1
    await releaseSlot(engine, { ...of, limit, slotId: random.pick(holders).slotId, reason: 'chaos' })
  }
  const change = async (): Promise<void> => {
    deeds.changes += 1
    if (random.chance(0.7)) await setLimit(engine, { ...of, limit: ELASTIC.limit, slots: random.int(0, ELASTIC.most) })
    else if (random.chance(0.5)) await setLimit(engine, { ...of, ...FLEETING })
    else await deleteLimit(engine, { ...of, limit: FLEETING.limit })
  }
  while (!signal.aborted) {
    const { rows } = await outside.query<{ live: number }>('select count(*)::int as live from run where ended_at is null')
    if ((rows[0]?.live ?? 0) < MOST_LIVE) await create()
    if (deeds.created.length > 0 && random.chance(0.12)) await passing(cancel)
    if (random.chance(0.03)) await passing(release)
    if (random.chance(0.06)) await passing(change)
    await rest(random.int(5, 60), signal)
  }
  await passing(() => setLimit(engine, { ...of, limit: ELASTIC.limit, slots: ELASTIC.most }))
  await passing(() => deleteLimit(engine, { ...of, limit: FLEETING.limit }))
  return deeds
}

/** What chance asks for may be gone already. */
const passing = async (deed: () => Promise<unknown>): Promise<void> => {
  await deed().catch((error: unknown) => {
    if (!(error instanceof AppError) || !['conflict', 'not_found', 'already_exists'].includes(error.code)) throw error
  })
}

export type Blows = { kills: Record<string, number>; cuts: number }

/** kill -9 of whatever chance names, several at a time; connections to the database are cut in the middle of what they do. */
export const strike = async (plant: readonly Machine[], { outside }: Premises, random: Random, signal: AbortSignal): Promise<Blows> => {
  const blows: Blows = { kills: { gateway: 0, scheduler: 0, agent: 0 }, cuts: 0 }
  const revivals = new Set<Promise<void>>()
  while (!signal.aborted) {
    await rest(random.int(300, 1800), signal)
    if (random.chance(0.25)) {
      const { rowCount } = await outside.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'towline-%' order by random() limit $1`,
        [random.int(1, 4)],
      )
      blows.cuts += rowCount ?? 0
      continue
    }
    const victim = random.pick(plant)
    const away = random.chance(0.1) ? random.int(2500, 6000) : random.int(20, 1500)
    if (!victim.isAlive()) continue
    await victim.kill()
    blows.kills[victim.kind] = (blows.kills[victim.kind] ?? 0) + 1
    const revival = rest(away, signal).then(() => victim.start())
    revivals.add(revival.finally(() => revivals.delete(revival)))
  }
  await Promise.all(revivals)
  return blows
}

const rest = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined)
