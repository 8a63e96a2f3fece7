/** A slot of one limit that a run (`taskKey` null) or a task run of it holds in its current attempt. */
export type Held = {
  taskKey: string | null
  /** Taken of the limit itself. */
  weight: number
  /** Used of the lender's, which has taken it: '' is the run, otherwise the key of a task run. */
  lent: number
  lender: string | null
}

export type Loan = { lender: string; lent: number }

/**
 * What a task run may use of the slots that its run, or a task run around it (`within`, from the outside in), holds already: at most `wanted`, from one
 * lender. A run with the tag `db` that calls a task with the tag `db` would otherwise wait for itself. What a lender uses of its own lender it lends on;
 * a unit is lent to one borrower at a time, so no more is in use at any moment than the limit has given out.
 */
export const loanFor = (held: readonly Held[], within: readonly string[], wanted: number): Loan | null => {
  const lenders = ['', ...within]
  let best: Loan | null = null
  for (const slot of held) {
    const lender = slot.taskKey ?? ''
    if (!lenders.includes(lender)) continue
    const out = held.reduce((sum, one) => sum + (one.lender === lender ? one.lent : 0), 0)
    const lent = Math.min(wanted, slot.weight + slot.lent - out)
    if (lent > (best?.lent ?? 0)) best = { lender, lent }
  }
  return best
}
