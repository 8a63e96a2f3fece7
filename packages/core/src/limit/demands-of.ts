import type { Demand } from './decide-grants.ts'

/** A limit as far as it matters to whom it applies. */
export type Bound = {
  id: string
  poolId: string | null
  queueId: string | null
  deploymentId: string | null
  tag: string | null
}

export type Claimant = {
  poolId: string
  queueId: string
  deploymentId: string
  tags: readonly string[]
  /** Slots per tag where that is not 1. */
  weights: Readonly<Record<string, number>>
}

const applies = (limit: Bound, run: Claimant): boolean => {
  if (limit.tag !== null) return run.tags.includes(limit.tag)
  return limit.poolId === run.poolId || limit.queueId === run.queueId || limit.deploymentId === run.deploymentId
}

/** From the special to the general: the first that holds a run is the one that people are told. */
const order = ({ deploymentId, tag, queueId }: Bound): number => (deploymentId !== null ? 0 : tag !== null ? 1 : queueId !== null ? 2 : 3)

/** Every limit that a run needs slots of. */
export const demandsOf = (run: Claimant, limits: readonly Bound[]): Demand[] =>
  limits
    .filter((limit) => applies(limit, run))
    .sort((a, b) => order(a) - order(b) || (a.id < b.id ? -1 : 1))
    .map((limit) => ({ limitId: limit.id, weight: limit.tag === null ? 1 : (run.weights[limit.tag] ?? 1) }))
