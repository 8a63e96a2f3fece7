/**
 * Who gets slots: pure, so that the whole law of limits can be read and tested in one place.
 * The caller has locked every limit that a candidate demands (in id order) and read its use and its line after the lock.
 */

/**
 * What one holder-to-be takes of one limit: `weight` of its slots. What its run lends it (`lent`) is taken already and counts only as a start.
 */
export type Demand = { limitId: string; weight: number; lent?: number }
type Need = { weight: number; lent?: number }
const startsOf = ({ weight, lent = 0 }: Need): number => weight + lent

/** A place in line: priority of the queue, then rank, then id; smaller is served first (see `rankOf`). */
export type Place = { id: string; tier: number; rank: number }
export type Candidate = Place & { demands: readonly Demand[] }

/** Somebody in line whom nobody behind may pass. `called`: a slot was offered and is not taken yet. */
export type Standing = Place & Need & { called: boolean }

export type LimitFacts = {
  id: string
  /** null: no bound on slots. 0 pauses. */
  slots: number | null
  used: number
  /** At most `count` starts in any window of `windowMs`. */
  rate: { count: number; windowMs: number } | null
  /** Starts (ms, with their weights) that lie inside the window now, oldest first. */
  starts: readonly { at: number; weight: number }[]
  /** The first in line, in order: more of them than could be let in now, or all. Who is heavier than the limit is left out. */
  line: readonly Standing[]
}

export type Hold = 'paused' | 'too-heavy' | 'full' | 'rate' | 'in-line'

export type Held = {
  limitId: string
  hold: Hold
  /** When the limit can next let it in by time alone (rates); null: when a slot is freed or the limit changes. */
  until: number | null
}

export type Grant =
  | { id: string; kind: 'granted' }
  | ({ id: string; kind: 'blocked' } & Held)
  /** There was no room at the agents any more: nothing is decided. */
  | { id: string; kind: 'left' }

/** One point of priority is worth this head start in line, so a low priority waits longer but never for ever. */
export const AGING_MS = 60_000

/** Rank ages by itself: it is fixed when the wait begins, and every minute of waiting weighs as much as one point of priority. */
export const rankOf = (sinceMs: number, priority: number): number => sinceMs - priority * AGING_MS

export const isBefore = (a: Place, b: Place): boolean =>
  a.tier !== b.tier ? a.tier < b.tier : a.rank !== b.rank ? a.rank < b.rank : a.id < b.id

type Book = { used: number; starts: { at: number; weight: number }[]; line: Map<string, Standing> }

const bookOf = (limit: LimitFacts): Book => ({
  used: limit.used,
  starts: [...limit.starts],
  line: new Map(limit.line.map((one) => [one.id, one])),
})

/** When the starts of the window leave room for this much; null: now. */
const rateOpensAt = (limit: LimitFacts, starts: Book['starts'], weight: number, now: number): number | null => {
  if (limit.rate === null) return null
  const { count, windowMs } = limit.rate
  const live = starts.filter((start) => start.at > now - windowMs)
  let over = live.reduce((sum, start) => sum + start.weight, 0) + weight - count
  let opens: number | null = null
  for (const start of live) {
    if (over <= 0) break
    over -= start.weight
    opens = start.at + windowMs
  }
  return over > 0 ? now + windowMs : opens
}

/**
 * Does this limit let it in? Whoever stands ahead is counted as if it were in: it is served first, and a light newcomer cannot starve a heavy waiter.
 * Whoever takes nothing of the limit itself, as its run lends it all, passes the line.
 */
const holdOf = (limit: LimitFacts, book: Book, place: Place, need: Need, now: number): Omit<Held, 'limitId'> | null => {
  const { weight } = need
  const starts = startsOf(need)
  const slots = weight === 0 ? null : limit.slots
  if (slots === 0 || limit.rate?.count === 0) return { hold: 'paused', until: null }
  if ((slots !== null && starts > slots) || (limit.rate !== null && starts > limit.rate.count)) return { hold: 'too-heavy', until: null }
  if (slots !== null && book.used + weight > slots) return { hold: 'full', until: null }
  const opens = rateOpensAt(limit, book.starts, starts, now)
  if (opens !== null) return { hold: 'rate', until: opens }
  let ahead = 0
  let startsAhead = 0
  for (const one of book.line.values()) {
    if (one.id === place.id || !isBefore(one, place)) continue
    ahead += one.weight
    startsAhead += startsOf(one)
  }
  if (startsAhead === 0) return null
  const fits =
    (slots === null || book.used + ahead + weight <= slots) && rateOpensAt(limit, book.starts, startsAhead + starts, now) === null
  return fits ? null : { hold: 'in-line', until: null }
}

/**
 * Decides in the order of the candidates (strict queues first). All demands of a candidate are granted together or none is. A candidate
 * that a limit blocks stands in its line from then on, in no other, and those behind it in the same batch see it there.
 */
export const decideGrants = (
  candidates: readonly Candidate[],
  limits: readonly LimitFacts[],
  now: number,
  room = Number.POSITIVE_INFINITY,
): Grant[] => {
  const facts = new Map(limits.map((limit) => [limit.id, { limit, book: bookOf(limit) }]))
  let left = room
  return candidates.map((candidate): Grant => {
    if (left <= 0) return { id: candidate.id, kind: 'left' }
    const { id, tier, rank } = candidate
    for (const { limitId, ...need } of candidate.demands) {
      const found = facts.get(limitId)
      const held = found ? holdOf(found.limit, found.book, candidate, need, now) : null
      if (!found || !held) continue
      for (const { book } of facts.values()) book.line.delete(id)
      if (held.hold !== 'too-heavy') found.book.line.set(id, { id, tier, rank, ...need, called: false })
      return { id, kind: 'blocked', limitId, ...held }
    }
    left -= 1
    for (const { book } of facts.values()) book.line.delete(id)
    for (const { limitId, ...need } of candidate.demands) {
      const book = facts.get(limitId)?.book
      if (!book) continue
      book.used += need.weight
      book.starts.push({ at: now, weight: startsOf(need) })
    }
    return { id, kind: 'granted' }
  })
}

/** Whom to offer what is free, in order; and when time alone lets in the first who must still wait. */
export const callNext = (limit: LimitFacts, now: number): { call: string[]; next: ({ id: string } & Omit<Held, 'limitId'>) | null } => {
  const book = bookOf(limit)
  const call: string[] = []
  for (const one of limit.line) {
    const held = holdOf(limit, book, one, one, now)
    if (held) return { call, next: { id: one.id, ...held } }
    if (!one.called) call.push(one.id)
  }
  return { call, next: null }
}
