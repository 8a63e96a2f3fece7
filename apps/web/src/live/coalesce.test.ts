import { describe, expect, it } from 'vitest'
import { coalesce } from './coalesce.ts'

const turn = async () => {
  for (let index = 0; index < 10; index++) await Promise.resolve()
}

describe('coalesce', () => {
  it('answers a storm during a refetch with exactly one more, and never overlaps', async () => {
    let started = 0
    let running = 0
    const ends: (() => void)[] = []
    const notice = coalesce(
      async () => {
        started++
        running++
        expect(running).toBe(1)
        await new Promise<void>((done) => ends.push(done))
        running--
      },
      0,
      () => Promise.resolve(),
    )
    for (let index = 0; index < 100; index++) notice()
    await turn()
    expect(started).toBe(1)
    for (let index = 0; index < 100; index++) notice()
    ends.shift()?.()
    await turn()
    expect(started).toBe(2)
    ends.shift()?.()
    await turn()
    expect(started).toBe(2)
  })

  it('goes on after a refetch that failed', async () => {
    let started = 0
    const notice = coalesce(
      async () => {
        started++
        throw new Error('away')
      },
      0,
      () => Promise.resolve(),
    )
    notice()
    await turn()
    notice()
    await turn()
    expect(started).toBe(2)
  })
})
