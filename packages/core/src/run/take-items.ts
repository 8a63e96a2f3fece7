type Numbered = { seq: number }

/**
 * Which numbered items are new: contiguous after what is stored already. Repeats are dropped, and so is all that comes after a
 * gap; the acknowledged number tells the sender where to go on.
 */
export const takeItems = <T extends Numbered>(items: readonly T[], storedSeq: number): { fresh: T[]; seq: number } => {
  const fresh: T[] = []
  let seq = storedSeq
  for (const item of [...items].sort((a, b) => a.seq - b.seq)) {
    if (item.seq !== seq + 1) continue
    fresh.push(item)
    seq = item.seq
  }
  return { fresh, seq }
}
