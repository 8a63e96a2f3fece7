import { describe, expect, it } from 'vitest'
import { Credit } from './credit.ts'

const ref = (n: number) => ({ runId: `run-${n}`, attempt: 1 })

describe('credit', () => {
  it('is spent by assignments and not given back by their confirmation', () => {
    const credit = new Credit()
    credit.pull(3)
    credit.reserve(2)
    expect(credit.available()).toBe(1)
    credit.settle(2, [ref(1), ref(2)])
    expect(credit.available()).toBe(1)
    credit.answer(ref(1))
    credit.answer(ref(1))
    credit.answer(ref(2))
    expect(credit.available()).toBe(1)
  })

  it('a pull that crossed an assignment on the wire does not hand out its place twice', () => {
    const credit = new Credit()
    credit.pull(2)
    credit.reserve(2)
    credit.settle(2, [ref(1), ref(2)])
    // Sent by the agent before it saw the assignments: it still thinks that both places are free.
    credit.pull(2)
    expect(credit.available()).toBe(0)
    credit.answer(ref(1))
    credit.answer(ref(2))
    expect(credit.available()).toBe(0)
    credit.pull(1)
    expect(credit.available()).toBe(1)
  })

  it('a pull tells whether there was no credit before it, as then runs may wait for it', () => {
    const credit = new Credit()
    expect(credit.pull(2)).toBe(true)
    expect(credit.pull(3)).toBe(false)
    credit.reserve(3)
    expect(credit.pull(3)).toBe(true)
    credit.settle(3, [ref(1), ref(2), ref(3)])
    expect(credit.pull(4)).toBe(true)
    expect(credit.pull(4)).toBe(false)
  })

  it('what a claim did not use is free again, also when a pull came meanwhile', () => {
    const credit = new Credit()
    credit.pull(5)
    credit.reserve(5)
    credit.pull(4)
    expect(credit.available()).toBe(0)
    credit.settle(5, [ref(1)])
    expect(credit.available()).toBe(3)
  })
})
