import { describe, expect, it } from 'vitest'
import { type Held, loanFor } from './lend.ts'

const holds = (taskKey: string | null, weight: number, loan: { lent: number; lender: string } = { lent: 0, lender: '' }): Held => ({
  taskKey,
  weight,
  lent: loan.lent,
  lender: loan.lent > 0 ? loan.lender : null,
})
const ofRun = (lent: number) => ({ lent, lender: '' })

describe('loanFor', () => {
  it('lends a run’s slots to its tasks, one unit to one task at a time', () => {
    expect(loanFor([holds(null, 1)], [], 1)).toEqual({ lender: '', lent: 1 })
    expect(loanFor([holds(null, 1), holds('a', 0, ofRun(1))], [], 1)).toBeNull()
    expect(loanFor([holds(null, 3), holds('a', 0, ofRun(1))], [], 4)).toEqual({ lender: '', lent: 2 })
  })

  it('lends nothing of a task run to one that is not inside it', () => {
    expect(loanFor([holds('a', 2)], [], 1)).toBeNull()
    expect(loanFor([holds('a', 2)], ['b'], 1)).toBeNull()
  })

  it('lends what a task run holds, or was lent itself, to those inside it', () => {
    expect(loanFor([holds('a', 1)], ['a'], 1)).toEqual({ lender: 'a', lent: 1 })
    const held = [holds(null, 1), holds('a', 0, ofRun(1))]
    expect(loanFor(held, ['a'], 1)).toEqual({ lender: 'a', lent: 1 })
    expect(loanFor([...held, holds('a/b', 0, { lent: 1, lender: 'a' })], ['a'], 1)).toBeNull()
    expect(loanFor([...held, holds('a/b', 0, { lent: 1, lender: 'a' })], ['a', 'a/b'], 1)).toEqual({ lender: 'a/b', lent: 1 })
  })

  it('takes all from the lender that has most', () => {
    expect(loanFor([holds(null, 1), holds('a', 3)], ['a'], 2)).toEqual({ lender: 'a', lent: 2 })
  })
})
