import type { LimitInput, LimitRef } from '@towline/contract/limit-views'
import type { Random } from './random.ts'

/** What runs in the chaos, and what bounds it. Only here: the load, the agents and the ledger read it. */
export type Pool = 'chaos-a' | 'chaos-b'
type Chaotic = { pool: Pool; tags: string[]; weights?: Record<string, number>; hasTasks?: true }

export const DEPLOYMENTS: Record<string, Chaotic> = {
  light: { pool: 'chaos-a', tags: ['db'] },
  heavy: { pool: 'chaos-a', tags: ['db', 'gpu'], weights: { db: 3 } },
  single: { pool: 'chaos-a', tags: ['elastic'] },
  steps: { pool: 'chaos-a', tags: [], hasTasks: true },
  side: { pool: 'chaos-b', tags: ['db'] },
  paced: { pool: 'chaos-b', tags: ['api'] },
  refuse: { pool: 'chaos-b', tags: [] },
  replace: { pool: 'chaos-b', tags: [] },
  free: { pool: 'chaos-b', tags: [] },
}

/** `most`: what no moment may exceed, seen from outside. null: bounded by the rate alone. */
type Bound = LimitInput & { name: string; most: number | null }
const tag = (name: string): LimitRef => ({ kind: 'tag', tag: name })
const deployment = (name: string): LimitRef => ({ kind: 'deployment', deployment: name })

export const LIMITS: Bound[] = [
  { name: 'pool chaos-a', limit: { kind: 'pool', pool: 'chaos-a' }, slots: 12, most: 12 },
  { name: 'deployment single', limit: deployment('single'), slots: 2, most: 2 },
  { name: 'deployment refuse', limit: deployment('refuse'), slots: 2, collision: 'cancel-new', most: 2 },
  { name: 'deployment replace', limit: deployment('replace'), slots: 1, collision: 'replace-oldest', most: 1 },
  { name: 'tag db', limit: tag('db'), slots: 4, most: 4 },
  { name: 'tag gpu', limit: tag('gpu'), slots: 2, most: 2 },
  /** Moves between 0 and this while everything else goes on. */
  { name: 'tag elastic', limit: tag('elastic'), slots: 4, most: 4 },
  { name: 'tag api', limit: tag('api'), rate: { count: 5, windowSeconds: 1 }, most: null },
]
export const ELASTIC = { limit: tag('elastic'), most: 4 }
/** Made and deleted again and again; only the control plane's own ledger looks at it. */
export const FLEETING = { limit: tag('fleeting'), slots: 3 }

export type TaskPlan = { key: string; slots: Record<string, number>; ms: number; free: 'delete' | 'report' | 'forget' }
export type RunPlan = { ms: number; end: 'ok' | 'fail'; tasks: TaskPlan[] }

/** Slots that are kept until the run ends, by a run of which another task still waits, would be a knot of the run's own making. */
const planTasks = (random: Random): TaskPlan[] => {
  const many = random.int(1, 4)
  return Array.from({ length: many }, (_, index) => planTask(random, index, many === 1))
}

const planTask = (random: Random, index: number, isAlone: boolean): TaskPlan => ({
  key: `step-${index}`,
  slots: random.pick<Record<string, number>>([{ gpu: 1 }, { gpu: 2 }, { db: 2 }, { db: 1, gpu: 1 }, { elastic: 1 }, { unlimited: 1 }]),
  ms: random.int(5, 80),
  free: random.pick(['delete', 'delete', 'report', isAlone ? 'forget' : 'report']),
})

export const planRun = (random: Random, name: string): { tags: string[]; priority: number; plan: RunPlan } => ({
  // A run lends its tasks what it holds. With other tags, or for heavier tasks, two such runs could each wait for what the other one holds.
  tags: DEPLOYMENTS[name]?.hasTasks
    ? ['elastic'].filter(() => random.chance(0.3))
    : ['db', 'gpu', 'elastic', 'fleeting'].filter(() => random.chance(0.08)),
  priority: random.chance(0.2) ? random.int(-3, 3) : 0,
  plan: {
    ms: random.chance(0.05) ? random.int(500, 2500) : random.int(10, 150),
    end: random.chance(0.08) ? 'fail' : 'ok',
    tasks: DEPLOYMENTS[name]?.hasTasks ? planTasks(random) : [],
  },
})

/** What a holder takes, by the name of the limit: computed from the rules and not from what the control plane says. */
export const demandsOf = (run: {
  deployment: string
  tags: readonly string[]
  slots: Record<string, number> | null
}): Map<string, number> => {
  const known = DEPLOYMENTS[run.deployment]
  const wanted = new Map<string, number>()
  if (run.slots) for (const [name, weight] of Object.entries(run.slots)) wanted.set(`tag ${name}`, weight)
  else {
    wanted.set(`pool ${known?.pool}`, 1).set(`deployment ${run.deployment}`, 1)
    for (const name of run.tags) wanted.set(`tag ${name}`, known?.weights?.[name] ?? 1)
  }
  const bounded = LIMITS.filter(({ name, most }) => most !== null && wanted.has(name))
  return new Map(bounded.map(({ name }) => [name, wanted.get(name) ?? 1]))
}
