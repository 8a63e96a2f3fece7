/**
 * Who gets slots: pure, so that the whole law of limits can be read and tested in one place.
 * The caller has locked every limit that a candidate demands (in id order) and read its use after the lock.
 */

/** What one holder-to-be takes of one limit. */
export type Demand = { limitId: string; weight: number }

export type Candidate = {
  id: string
  demands: readonly Demand[]
  /** Place in line: smaller is served first (see `rankOf`). */
  rank: number
}

export type LimitFacts = {
  id: string
  /** null: no bound on slots. 0 pauses. */
  slots: number | null
  used: number
  /** At most `count` starts in any window of `windowMs`. */
  rate: { count: number; windowMs: number } | null
  /** Starts (ms, with their weights) that lie inside the window now, oldest first. */
  starts: readonly { at: number; weight: number }[]
  /** The first in line that may still be served: nobody with a larger rank passes it. Null: the line is empty. */
  head: { id: string; rank: number } | null
}

export type Hold = 'paused' | 'too-heavy' | 'full' | 'rate' | 'in-line'

export type Grant =
  | { id: string; kind: 'granted' }
  | {
      id: string
      kind: 'blocked'
      limitId: string
      hold: Hold
      /** When the limit can next let it in by time alone (rates); null: when a slot is freed or the limit changes. */
      until: number | null
    }

/** One point of priority is worth this head start in line, so a low priority waits longer but never for ever. */
export const AGING_MS = 60_000

/** Rank ages by itself: it is fixed when the wait begins, and every minute of waiting weighs as much as one point of priority. */
export const rankOf = (sinceMs: number, priority: number): number => sinceMs - priority * AGING_MS

type Book = { used: number; starts: { at: number; weight: number }[]; blockedRank: number | null }

const holdOf = (limit: LimitFacts, book: Book, candidate: Candidate, weight: number, now: number): { hold: Hold; until: number | null } | null => {
  if (limit.slots === 0 || limit.rate?.count === 0) return { hold: 'paused', until: null }
  if ((limit.slots !== null && weight > limit.slots) || (limit.rate !== null && weight > limit.rate.count)) return { hold: 'too-heavy', until: null }
  const passed = limit.head !== null && limit.head.id !== candidate.id && limit.head.rank < candidate.rank
  if (passed || (book.blockedRank !== null && book.blockedRank < candidate.rank)) return { hold: 'in-line', until: null }
  if (limit.slots !== null && book.used + weight > limit.slots) return { hold: 'full', until: null }
  if (limit.rate !== null) {
    const windowStart = now - limit.rate.windowMs
    const live = book.starts.filter((start) => start.at > windowStart)
    let over = live.reduce((sum, start) => sum + start.weight, 0) + weight - limit.rate.count
    for (const start of live) {
      if (over <= 0) break
      over -= start.weight
      if (over <= 0) return { hold: 'rate', until: start.at + limit.rate.windowMs }
    }
  }
  return null
}

/**
 * Decides for all candidates in rank order. All demands of a candidate are granted together or none is.
 * A candidate that a limit blocks also closes that limit for candidates behind it: a light newcomer must not starve a heavy waiter.
 */
export const decideGrants = (candidates: readonly Candidate[], limits: readonly LimitFacts[], now: number): Grant[] => {
  const byId = new Map(limits.map((limit) => [limit.id, limit]))
  const books = new Map<string, Book>(limits.map((limit) => [limit.id, { used: limit.used, starts: [...limit.starts], blockedRank: null }]))
  const inOrder = [...candidates].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1))
  return inOrder.map((candidate): Grant => {
    const taken: { book: Book; weight: number }[] = []
    for (const { limitId, weight } of candidate.demands) {
      const limit = byId.get(limitId)
      const book = books.get(limitId)
      if (!limit || !book) continue
      const held = holdOf(limit, book, candidate, weight, now)
      if (held) {
        if (held.hold !== 'too-heavy') book.blockedRank = Math.min(book.blockedRank ?? candidate.rank, candidate.rank)
        return { id: candidate.id, kind: 'blocked', limitId, ...held }
      }
      taken.push({ book, weight })
    }
    for (const { book, weight } of taken) {
      book.used += weight
      book.starts.push({ at: now, weight })
    }
    return { id: candidate.id, kind: 'granted' }
  })
}
