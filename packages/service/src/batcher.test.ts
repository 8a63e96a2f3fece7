import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBatcher } from './batcher.ts'

/** A flush that the test lets through by hand. */
const gated = (maxItems = 100) => {
  const batches: number[][] = []
  const gates: ((error?: Error) => void)[] = []
  const batcher = createBatcher<number, string>({
    maxItems,
    flush: (items) =>
      new Promise((resolve, reject) => {
        batches.push(items)
        gates.push((error) => (error ? reject(error) : resolve(items.map((item) => `r${item}`))))
      }),
  })
  const settle = async (error?: Error): Promise<void> => {
    gates.shift()?.(error)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { batcher, batches, settle }
}

describe('createBatcher', () => {
  it('sends what one tick adds as one flush, without waiting for a timer', async () => {
    const { batcher, batches, settle } = gated()
    const results = [batcher.add(1), batcher.add(2), batcher.add(3)]
    await undefined
    await undefined
    expect(batches).toEqual([[1, 2, 3]])
    await settle()
    expect(await Promise.all(results)).toEqual(['r1', 'r2', 'r3'])
  })

  it('gathers what arrives during a flush for the next one, and never runs two at once', async () => {
    const { batcher, batches, settle } = gated()
    const first = batcher.add(1)
    await new Promise((resolve) => setImmediate(resolve))
    const later = [batcher.add(2), batcher.add(3)]
    await new Promise((resolve) => setImmediate(resolve))
    expect(batches).toEqual([[1]])
    expect(batcher.size()).toBe(3)
    await settle()
    expect(batches).toEqual([[1], [2, 3]])
    await settle()
    expect(await Promise.all([first, ...later])).toEqual(['r1', 'r2', 'r3'])
  })

  it('rejects the items of a failed flush only', async () => {
    const { batcher, settle } = gated(2)
    const results = [1, 2, 3].map((item) => batcher.add(item).catch((error: Error) => error.message))
    await new Promise((resolve) => setImmediate(resolve))
    await settle(new Error('lost'))
    await settle()
    expect(await Promise.all(results)).toEqual(['lost', 'lost', 'r3'])
    expect(batcher.size()).toBe(0)
  })

  it('rejects a flush that answers with another number of results', async () => {
    const batcher = createBatcher<number, number>({ maxItems: 10, flush: async () => [1] })
    const results = await Promise.allSettled([batcher.add(1), batcher.add(2)])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  it('turns a flush that throws before its promise into a rejection', async () => {
    const batcher = createBatcher<number, number>({
      maxItems: 10,
      flush: () => {
        throw new Error('at once')
      },
    })
    await expect(batcher.add(1)).rejects.toThrow('at once')
    await expect(batcher.add(1)).rejects.toThrow('at once')
  })

  it('is idle once everything is settled', async () => {
    const { batcher, settle } = gated()
    await batcher.idle()
    void batcher.add(1)
    let idle = false
    const waiting = batcher.idle().then(() => {
      idle = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(idle).toBe(false)
    await settle()
    await waiting
  })

  it('keeps order, bounds each flush, and gives each item its own result, for any pattern of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        async (bursts, maxItems) => {
          const flushed: number[] = []
          const sizes: number[] = []
          const batcher = createBatcher<number, number>({
            maxItems,
            flush: async (items) => {
              flushed.push(...items)
              sizes.push(items.length)
              await undefined
              return items.map((item) => item * 2)
            },
          })
          const results: Promise<number>[] = []
          let next = 0
          for (const burst of bursts) {
            for (let i = 0; i < burst; i += 1) {
              results.push(batcher.add(next))
              next += 1
            }
            await undefined
          }
          expect(await Promise.all(results)).toEqual(Array.from({ length: next }, (_, i) => i * 2))
          expect(flushed).toEqual(Array.from({ length: next }, (_, i) => i))
          expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxItems)
        },
      ),
    )
  })
})
