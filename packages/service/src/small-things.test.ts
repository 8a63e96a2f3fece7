import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ManualClock } from './clock.ts'
import { createMetrics } from './metrics.ts'
import { prettyLine } from './pretty-line.ts'
import { until } from './until.ts'

describe('ManualClock', () => {
  it('stands still until it is moved', () => {
    const clock = new ManualClock('2026-01-01T00:00:00Z')
    expect(clock.now()).toEqual(clock.now())
    clock.advance({ minutes: 2, ms: 5 })
    expect(clock.now().toISOString()).toBe('2026-01-01T00:02:00.005Z')
    clock.set('2027-01-01T00:00:00Z')
    expect(clock.now().getUTCFullYear()).toBe(2027)
  })
})

describe('until', () => {
  it('returns the first value, and says what did not come true and why', async () => {
    let calls = 0
    expect(await until(() => (++calls === 3 ? 'there' : undefined), { intervalMs: 1 })).toBe('there')
    const failing = until(() => Promise.reject(new Error('refused')), { timeoutMs: 5, intervalMs: 1, what: 'the port' })
    await expect(failing).rejects.toMatchObject({ message: 'the port did not come true within 5 ms', cause: new Error('refused') })
  })
})

describe('prettyLine', () => {
  it('is one short line with the facts, and leaves alone what is not JSON', () => {
    const plain = stripVTControlCharacters(
      prettyLine('{"level":30,"time":"2026-01-01T12:30:01.000Z","name":"gateway","msg":"connected","agent":"a1"}'),
    )
    expect(plain).toBe('12:30:01 info  gateway: connected agent=a1\n')
    expect(prettyLine('boom\n')).toBe('boom\n')
  })
})

describe('createMetrics', () => {
  it('serves its counters, gauges and histograms, apart from those of another registry', async () => {
    const metrics = createMetrics('gateway')
    createMetrics('other').counter({ name: 'frames_total', help: 'x' }).inc(7)
    metrics.counter({ name: 'frames_total', help: 'Frames', labels: ['kind'] }).inc({ kind: 'pull' }, 3)
    metrics.gauge({ name: 'agents', help: 'Agents', read: () => 4 })
    metrics.histogram({ name: 'claim_seconds', help: 'Claims', buckets: [0.01, 0.1] }).observe(0.05)
    const server = createServer((request, response) => void metrics.handle(request, response)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const text = await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)).text()
    server.close()
    expect(text).toContain('frames_total{kind="pull",service="gateway"} 3')
    expect(text).toContain('agents{service="gateway"} 4')
    expect(text).toContain('claim_seconds_bucket{le="0.1",service="gateway"} 1')
  })
})
