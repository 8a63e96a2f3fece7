/**
 * Limit rehearsal: what another limit would have done to the arrivals that really came. A discrete-event replay, pure:
 * each holder arrives, waits in line by rank, holds its slots for as long as it really did, and leaves.
 */
import { rankOf } from './decide-grants.ts'

export type PastHolder = {
  id: string
  /** What people compare: the deployment, usually. */
  group: string
  arrivedAt: number
  /** How long it held the slot. */
  heldMs: number
  weight: number
  priority: number
}

export type LimitSetting = { slots: number | null; rate: { count: number; windowMs: number } | null }

export type WaitSummary = {
  /** Waits over all holders, in ms. */
  p50: number
  p95: number
  max: number
  /** Longest line at any moment. */
  peakLine: number
  /** Most slots in use at any moment. */
  peakUse: number
  /** Holders that would never have been let in (heavier than the limit, or the limit is 0). */
  never: number
  /** When the last holder would have left. */
  endedAt: number | null
}

export type Replay = { summary: WaitSummary; waits: ReadonlyMap<string, number | null> }

const percentile = (sorted: readonly number[], share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0

/** A binary heap, smallest key first; the replay of a day has tens of thousands of events, so sorting on each would be quadratic. */
const heap = <T>(keyOf: (item: T) => number) => {
  const items: T[] = []
  const key = (index: number) => keyOf(items[index] as T)
  const swap = (a: number, b: number) => {
    const item = items[a] as T
    items[a] = items[b] as T
    items[b] = item
  }
  return {
    get size() {
      return items.length
    },
    peek: (): T | undefined => items[0],
    push(item: T) {
      items.push(item)
      for (let at = items.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1
        if (key(parent) <= key(at)) break
        swap(parent, at)
        at = parent
      }
    },
    pop(): T | undefined {
      const first = items[0]
      const last = items.pop()
      if (items.length > 0 && last !== undefined) {
        items[0] = last
        for (let at = 0; ; ) {
          const left = 2 * at + 1
          const right = left + 1
          let least = at
          if (left < items.length && key(left) < key(least)) least = left
          if (right < items.length && key(right) < key(least)) least = right
          if (least === at) break
          swap(at, least)
          at = least
        }
      }
      return first
    },
  }
}

export const replayLimit = (history: readonly PastHolder[], setting: LimitSetting): Replay => {
  const arrivals = [...history].sort((a, b) => a.arrivedAt - b.arrivedAt || (a.id < b.id ? -1 : 1))
  const line = heap<PastHolder>((holder) => rankOf(holder.arrivedAt, holder.priority))
  const leaving = heap<{ at: number; weight: number }>((entry) => entry.at)
  const starts: { at: number; weight: number }[] = []
  const waits = new Map<string, number | null>()
  let firstStart = 0
  let startsWeight = 0
  let used = 0
  let peakLine = 0
  let peakUse = 0
  let never = 0
  let endedAt: number | null = null
  const fits = (holder: PastHolder) =>
    (setting.slots === null || holder.weight <= setting.slots) && (setting.rate === null || holder.weight <= setting.rate.count)

  /** When the head of the line may start by its rate, from `now` on. */
  const rateAllowsAt = (holder: PastHolder, now: number): number => {
    if (!setting.rate) return now
    while (firstStart < starts.length && (starts[firstStart]?.at ?? 0) <= now - setting.rate.windowMs) {
      startsWeight -= starts[firstStart]?.weight ?? 0
      firstStart += 1
    }
    let over = startsWeight + holder.weight - setting.rate.count
    for (let index = firstStart; over > 0 && index < starts.length; index += 1) {
      over -= starts[index]?.weight ?? 0
      if (over <= 0) return (starts[index]?.at ?? 0) + setting.rate.windowMs
    }
    return now
  }

  let next = 0
  let now = arrivals[0]?.arrivedAt ?? 0
  while (next < arrivals.length || line.size > 0) {
    while (leaving.size > 0 && (leaving.peek()?.at ?? 0) <= now) used -= leaving.pop()?.weight ?? 0
    for (let holder = arrivals[next]; holder && holder.arrivedAt <= now; holder = arrivals[next]) {
      next += 1
      if (fits(holder)) line.push(holder)
      else {
        waits.set(holder.id, null)
        never += 1
      }
    }
    let rateAt = Number.POSITIVE_INFINITY
    for (let head = line.peek(); head; head = line.peek()) {
      if (setting.slots !== null && used + head.weight > setting.slots) break
      const allowedAt = rateAllowsAt(head, now)
      if (allowedAt > now) {
        rateAt = allowedAt
        break
      }
      line.pop()
      waits.set(head.id, now - head.arrivedAt)
      used += head.weight
      starts.push({ at: now, weight: head.weight })
      startsWeight += head.weight
      leaving.push({ at: now + head.heldMs, weight: head.weight })
      peakUse = Math.max(peakUse, used)
      endedAt = Math.max(endedAt ?? 0, now + head.heldMs)
    }
    peakLine = Math.max(peakLine, line.size)
    const upcoming = Math.min(
      arrivals[next]?.arrivedAt ?? Number.POSITIVE_INFINITY,
      line.size > 0 ? (leaving.peek()?.at ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
      rateAt,
    )
    if (!Number.isFinite(upcoming)) break
    now = upcoming
  }
  const sorted = [...waits.values()].filter((wait): wait is number => wait !== null).sort((a, b) => a - b)
  const summary = {
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    max: sorted.at(-1) ?? 0,
    peakLine,
    peakUse,
    never,
    endedAt,
  }
  return { summary, waits }
}

export type GroupChange = { group: string; holders: number; meanWaitBefore: number; meanWaitAfter: number; neverAfter: number }
export type Rehearsal = { holders: number; before: WaitSummary; after: WaitSummary; groups: GroupChange[] }

/** Replays the same arrivals under the setting of today and under the proposed one: both are simulated, so they compare like with like. */
export const rehearseLimit = (history: readonly PastHolder[], today: LimitSetting, proposed: LimitSetting): Rehearsal => {
  const before = replayLimit(history, today)
  const after = replayLimit(history, proposed)
  const groups = new Map<string, { holders: number; before: number; after: number; never: number }>()
  for (const holder of history) {
    const entry = groups.get(holder.group) ?? { holders: 0, before: 0, after: 0, never: 0 }
    const waitAfter = after.waits.get(holder.id) ?? null
    entry.holders += 1
    entry.before += before.waits.get(holder.id) ?? 0
    if (waitAfter === null) entry.never += 1
    else entry.after += waitAfter
    groups.set(holder.group, entry)
  }
  const changes = [...groups].map(([group, entry]) => ({
    group,
    holders: entry.holders,
    meanWaitBefore: entry.before / entry.holders,
    meanWaitAfter: entry.holders > entry.never ? entry.after / (entry.holders - entry.never) : 0,
    neverAfter: entry.never,
  }))
  changes.sort((a, b) => Math.abs(b.meanWaitAfter - b.meanWaitBefore) - Math.abs(a.meanWaitAfter - a.meanWaitBefore))
  return { holders: history.length, before: before.summary, after: after.summary, groups: changes }
}
