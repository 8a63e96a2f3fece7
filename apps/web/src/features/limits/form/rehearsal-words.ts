import type { RehearsalView } from '@towline/contract/limit-views'
import { formatDuration } from '../../../ui/format/format-duration.ts'
import { formatCount } from '../../../ui/format/format-number.ts'

export type Verdict = 'better' | 'worse' | 'same'
export type Line = { label: string; before: string; after: string; verdict: Verdict }

/** Below this, two waits are the same to a person. */
const NOTABLE_MS = 50

const verdictOf = (before: number, after: number, notable: number): Verdict =>
  Math.abs(after - before) < notable ? 'same' : after < before ? 'better' : 'worse'

const wait = (ms: number): string => (ms < 1 ? 'none' : formatDuration(ms))

/** What the table of a rehearsal says. More slots in use is neither good nor bad. */
export const rehearsalLines = ({ before, after }: RehearsalView): Line[] => [
  { label: 'Half waited at most', before: wait(before.p50), after: wait(after.p50), verdict: verdictOf(before.p50, after.p50, NOTABLE_MS) },
  { label: '95 of 100 at most', before: wait(before.p95), after: wait(after.p95), verdict: verdictOf(before.p95, after.p95, NOTABLE_MS) },
  { label: 'Longest wait', before: wait(before.max), after: wait(after.max), verdict: verdictOf(before.max, after.max, NOTABLE_MS) },
  {
    label: 'Longest line',
    before: formatCount(before.peakLine),
    after: formatCount(after.peakLine),
    verdict: verdictOf(before.peakLine, after.peakLine, 1),
  },
  { label: 'Most slots in use', before: formatCount(before.peakUse), after: formatCount(after.peakUse), verdict: 'same' },
  ...(before.never > 0 || after.never > 0
    ? [
        {
          label: 'Never started',
          before: formatCount(before.never),
          after: formatCount(after.never),
          verdict: verdictOf(before.never, after.never, 1),
        },
      ]
    : []),
]

export type Change = { group: string; holders: number; text: string }

/** Who gains and who loses, the largest change first; those for whom nothing changes are left out. */
export const gainsAndLosses = ({ groups }: RehearsalView): { gain: Change[]; lose: Change[] } => {
  const changes = groups.map((group) => ({ ...group, by: group.meanWaitAfter - group.meanWaitBefore }))
  const text = (group: (typeof changes)[number]): string =>
    group.neverAfter > 0
      ? `${formatCount(group.neverAfter)} of ${formatCount(group.holders)} would not have started`
      : `${wait(group.meanWaitBefore)} → ${wait(group.meanWaitAfter)} on average`
  const pick = (keep: (group: (typeof changes)[number]) => boolean): Change[] =>
    changes.filter(keep).map((group) => ({ group: group.group, holders: group.holders, text: text(group) }))
  return {
    gain: pick((group) => group.neverAfter === 0 && group.by <= -NOTABLE_MS),
    lose: pick((group) => group.neverAfter > 0 || group.by >= NOTABLE_MS),
  }
}
