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

/** A binary heap, the first by `isBefore` on top; the replay of a day has tens of thousands of events, so sorting on each would be quadratic. */
const heap = <T>(isBefore: (a: T, b: T) => boolean) => {
  const items: T[] = []
  const before = (a: number, b: number) => isBefore(items[a] as T, items[b] as T)
  const swap = (a: number, b: number) => {
    const item = items[a] as T
    items[a] = items[b] as T
    items[b] = item
  }
  const sink = () => {
    for (let at = 0; ; ) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < items.length && before(child, least)) least = child
      if (least === at) return
      swap(at, least)
      at = least
    }
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
        if (!before(at, parent)) return
        swap(parent, at)
        at = parent
      }
    },
    pop(): T | undefined {
      const first = items[0]
      const last = items.pop()
      if (items.length > 0 && last !== undefined) {
        items[0] = last
        sink()
      }
      return first
    },
  }
}

/** The starts within the window of a rate, as they come. */
const rateWindow = (rate: LimitSetting['rate']) => {
  const starts: { at: number; weight: number }[] = []
  let first = 0
  let total = 0
  return {
    add(at: number, weight: number) {
      starts.push({ at, weight })
      total += weight
    },
    /** When one of this weight may start, from `now` on. */
    opensAt(weight: number, now: number): number {
      if (!rate) return now
      for (let start = starts[first]; start && start.at <= now - rate.windowMs; start = starts[first]) {
        total -= start.weight
        first += 1
      }
      let over = total + weight - rate.count
      for (let index = first; over > 0 && index < starts.length; index += 1) {
        over -= starts[index]?.weight ?? 0
        if (over <= 0) return (starts[index]?.at ?? 0) + rate.windowMs
      }
      return now
    },
  }
}

/** Plays the arrivals through one setting: from event to event (an arrival, somebody leaves, a rate opens), each time letting in whoever fits, in order. */
export const replayLimit = (history: readonly PastHolder[], setting: LimitSetting): Replay => {
  const arrivals = [...history].sort((a, b) => a.arrivedAt - b.arrivedAt || (a.id < b.id ? -1 : 1))
  const place = new Map(arrivals.map((holder, index) => [holder, { rank: rankOf(holder.arrivedAt, holder.priority), index }]))
  const line = heap<PastHolder>((a, b) => {
    const [mine, other] = [place.get(a), place.get(b)]
    return mine !== undefined && other !== undefined && (mine.rank < other.rank || (mine.rank === other.rank && mine.index < other.index))
  })
  const leaving = heap<{ at: number; weight: number }>((a, b) => a.at < b.at)
  const rate = rateWindow(setting.rate)
  const waits = new Map<string, number | null>()
  let [next, used, peakLine, peakUse, never] = [0, 0, 0, 0, 0]
  let endedAt: number | null = null
  const fits = ({ weight }: PastHolder) => weight <= (setting.slots ?? weight) && weight <= (setting.rate?.count ?? weight)
  const arrive = (holder: PastHolder) => {
    if (fits(holder)) return line.push(holder)
    waits.set(holder.id, null)
    never += 1
  }
  const enter = (holder: PastHolder, now: number) => {
    waits.set(holder.id, now - holder.arrivedAt)
    used += holder.weight
    rate.add(now, holder.weight)
    leaving.push({ at: now + holder.heldMs, weight: holder.weight })
    peakUse = Math.max(peakUse, used)
    endedAt = Math.max(endedAt ?? 0, now + holder.heldMs)
  }
  /** Lets in whoever fits; says when time alone lets in the next. */
  const letIn = (now: number): number => {
    for (let head = line.peek(); head; head = line.peek()) {
      if (setting.slots !== null && used + head.weight > setting.slots) break
      const opensAt = rate.opensAt(head.weight, now)
      if (opensAt > now) return opensAt
      line.pop()
      enter(head, now)
    }
    return Number.POSITIVE_INFINITY
  }
  for (let now = arrivals[0]?.arrivedAt ?? Number.POSITIVE_INFINITY; Number.isFinite(now); ) {
    while ((leaving.peek()?.at ?? Number.POSITIVE_INFINITY) <= now) used -= leaving.pop()?.weight ?? 0
    for (let holder = arrivals[next]; holder && holder.arrivedAt <= now; holder = arrivals[next]) {
      next += 1
      arrive(holder)
    }
    const opensAt = letIn(now)
    peakLine = Math.max(peakLine, line.size)
    const leavesAt = line.size > 0 ? (leaving.peek()?.at ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
    now = Math.min(arrivals[next]?.arrivedAt ?? Number.POSITIVE_INFINITY, leavesAt, opensAt)
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
