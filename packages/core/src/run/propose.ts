import { typeOf } from '@towline/contract/states'
import { type Decision, type Proposal, type RunFacts, TARGETS } from './facts.ts'
import { RULES } from './rules.ts'

/**
 * The one door of a run's state: may this happen, and what comes of it? Pure: time and chance come from outside. An accepted
 * decision with `change: null` is something that already took effect.
 */
export const propose = (facts: RunFacts, proposal: Proposal, now: Date, random: () => number): Decision => {
  const from = typeOf(facts.state)
  const to = TARGETS[proposal.cause.kind]
  for (const { name, from: sources, to: targets, decide } of RULES) {
    if (!sources.includes(from) || !targets.includes(to)) continue
    const verdict = decide(facts, proposal, { now, random })
    if (verdict === null) continue
    return verdict.kind === 'rejected' ? { ...verdict, rule: name, state: facts.state } : { ...verdict, rule: name }
  }
  throw new Error(`No rule decides ${from} -> ${to}`)
}
