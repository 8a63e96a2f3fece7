import type { DeploymentLimit, LimitBounds, LimitPlan } from '@towline/contract/limit-views'
import { rateText } from '../limits/setting-text.ts'
import type { DeploymentEntry } from './project-schema.ts'

/** What the file says of the limit of a deployment; undefined when it says nothing, and what was set elsewhere stays. */
export const limitOf = ({ limit, rate, collision }: DeploymentEntry): DeploymentLimit | undefined => {
  const said = { ...(limit !== undefined && { slots: limit }), ...(rate && { rate }), ...(collision && { collision }) }
  return Object.keys(said).length > 0 ? said : undefined
}

const NONE: LimitBounds = { slots: null, rate: null, collision: 'enqueue' }

/** `limit 3 → 2, rate none → 100/1m`; empty when nothing changes. */
export const limitText = (plan: LimitPlan | null): string => {
  if (!plan?.changed) return ''
  const words = ({ slots, rate, collision }: LimitBounds) => ({ limit: slots ?? 'none', rate: rateText(rate) || 'none', collision })
  const [from, to] = [words(plan.before ?? NONE), words(plan.after)]
  return (['limit', 'rate', 'collision'] as const)
    .filter((name) => from[name] !== to[name])
    .map((name) => `${name} ${from[name]} → ${to[name]}`)
    .join(', ')
}
