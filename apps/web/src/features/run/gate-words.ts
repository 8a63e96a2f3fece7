import type { GateView } from '@towline/contract/views'
import { plural } from '../../ui/format/format-number.ts'

const NAMES: Record<GateView['gate'], string> = {
  launching: 'Launch',
  'not-due': 'Due time',
  'pool-paused': 'Work pool is open',
  'queue-paused': 'Queue is open',
  'deployment-paused': 'Deployment is open',
  limit: 'Limits have room',
  'no-agent': 'An agent is online',
  'agents-full': 'An agent has room',
  'in-line': 'Its turn',
}

/** What a gate asks for, in a few words; of a limit, which. */
export const gateName = ({ gate, limit }: Pick<GateView, 'gate' | 'limit'>): string =>
  limit ? `Slot of ${limit.limit.kind} ${limit.limit.name}` : NAMES[gate]

/** The launch is no gate of a run that nobody has taken, and a due time that has come is not news. */
export const shownGates = (gates: readonly GateView[]): GateView[] =>
  gates.filter(({ gate, state }) => state === 'holds' || (gate !== 'launching' && gate !== 'not-due'))

/** The first that holds: the reason of the wait. Those behind it that hold too are told in the row. */
export const firstHolding = (gates: readonly GateView[]): GateView | null => gates.find(({ state }) => state === 'holds') ?? null

/** How sure an estimate is: not very. So it is said in one unit, rounded. */
export const roughly = (ms: number): string => {
  if (ms < 1000) return 'about a second'
  if (ms < 90_000) return `about ${plural(Math.round(ms / 1000), 'second')}`
  if (ms < 90 * 60_000) return `about ${plural(Math.round(ms / 60_000), 'minute')}`
  return `about ${plural(Math.round(ms / 3_600_000), 'hour')}`
}
