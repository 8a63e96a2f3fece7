import { describe, expect, it } from 'vitest'
import { startLoop } from './loop.ts'

const log = { warn: () => {}, debug: () => {} }
const hour = 3_600_000

describe('startLoop', () => {
  it('runs at once, then when woken, and calls any number of wakes one round', async () => {
    let rounds = 0
    const loop = startLoop({
      name: 'test',
      intervalMs: hour,
      log,
      runOnce: async () => {
        rounds += 1
      },
    })
    expect(await loop.ran.next()).toEqual({ reason: 'start' })
    const second = loop.ran.next()
    for (let i = 0; i < 10; i += 1) loop.wake('run ready')
    expect(await second).toEqual({ reason: 'run ready' })
    await loop.stop()
    expect(rounds).toBe(2)
  })

  it('does not lose a wake that comes while it is running', async () => {
    let inside = (): void => {}
    const started = new Promise<void>((resolve) => {
      inside = resolve
    })
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let rounds = 0
    const loop = startLoop({
      name: 'test',
      intervalMs: hour,
      log,
      runOnce: async () => {
        rounds += 1
        if (rounds > 1) return
        inside()
        await gate
      },
    })
    await started
    loop.wake('late')
    release()
    await loop.ran.next()
    expect(await loop.ran.next()).toEqual({ reason: 'late' })
    await loop.stop()
  })

  it('goes on at once while a round says that there is more', async () => {
    let left = 5
    const loop = startLoop({
      name: 'test',
      intervalMs: hour,
      log,
      runOnce: async () => {
        left -= 1
        return left > 0 ? ('again' as const) : undefined
      },
    })
    while (left > 0) await loop.ran.next()
    await loop.stop()
    expect(loop.ran.count).toBe(5)
  })

  it('comes back by itself after its interval', async () => {
    const loop = startLoop({ name: 'test', intervalMs: 1, log, runOnce: async () => {} })
    await loop.ran.next()
    expect(await loop.ran.next()).toEqual({ reason: 'interval' })
    await loop.stop()
  })

  it('survives a round that throws, and lets no wake turn failures into a busy loop', async () => {
    const began = Date.now()
    const loop = startLoop({
      name: 'test',
      intervalMs: hour,
      log,
      random: () => 0,
      runOnce: () => Promise.reject(new Error('database away')),
    })
    expect(await loop.ran.next()).toMatchObject({ reason: 'start', error: new Error('database away') })
    const again = loop.ran.next()
    for (let i = 0; i < 100; i += 1) loop.wake('storm')
    await again
    expect(Date.now() - began).toBeGreaterThanOrEqual(45)
    expect(loop.ran.count).toBe(2)
    await loop.stop()
  })

  it('tells the round in progress to end and stops after it', async () => {
    let aborted = false
    let inside = (): void => {}
    const started = new Promise<void>((resolve) => {
      inside = resolve
    })
    const loop = startLoop({
      name: 'test',
      intervalMs: hour,
      log,
      runOnce: (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true
            resolve()
          })
          inside()
        }),
    })
    await started
    await Promise.all([loop.stop(), loop.stop()])
    expect(aborted).toBe(true)
  })
})
