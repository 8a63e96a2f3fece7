import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPost } from './post.ts'
import { Reporter } from './reporter.ts'
import { FakeRunApi } from './testing/fake-run-api.ts'
import { REPORT_PATH, type Stop } from './wire.ts'

let api: FakeRunApi
let stops: Stop[]
let reporter: Reporter

beforeEach(async () => {
  api = await new FakeRunApi().start()
  stops = []
  reporter = new Reporter({ post: createPost(`${api.url}${REPORT_PATH}`, 'tlr_test'), onStop: (stop) => stops.push(stop), random: () => 0 })
})

afterEach(async () => {
  reporter.close()
  await api.close()
  expect(api.problems).toEqual([])
})

test('everything arrives once, in order, with contiguous numbers and the token', async () => {
  reporter.item({ kind: 'run.running' })
  for (let n = 1; n <= 5000; n++) reporter.log({ level: 'info', text: `line ${n}` })
  reporter.item({ kind: 'run.completed', result: { n: 1 } })
  expect(await reporter.flush(10_000)).toBe(true)
  expect(api.items.map(({ kind, seq }) => [kind, seq])).toEqual([
    ['run.running', 1],
    ['run.completed', 2],
  ])
  expect(api.logs.map(({ text }) => text)).toEqual(Array.from({ length: 5000 }, (_, n) => `line ${n + 1}`))
  expect(new Set(api.requests.map(({ token }) => token))).toEqual(new Set(['Bearer tlr_test']))
})

test('what comes while a request is under way goes out together in the next one', async () => {
  const release = api.hold()
  reporter.item({ kind: 'run.running' })
  await new Promise((done) => setImmediate(done))
  await new Promise((done) => setImmediate(done))
  for (let n = 0; n < 300; n++) reporter.item({ kind: 'task', key: `t-${n}`, name: 't', state: 'RUNNING', try: 1 })
  release()
  expect(await reporter.flush(10_000)).toBe(true)
  expect(api.requests.map(({ items }) => items)).toEqual([1, 300])
})

test('no request is larger than the API takes, whatever is in the buffer', async () => {
  const release = api.hold()
  for (let n = 0; n < 600; n++) reporter.log({ level: 'info', text: 'é'.repeat(7000) })
  release()
  expect(await reporter.flush(20_000)).toBe(true)
  expect(api.logs).toHaveLength(600)
  expect(Math.max(...api.requests.map(({ bytes }) => bytes))).toBeLessThan(1024 * 1024)
})

test('an answer that was lost after the store doubles nothing', async () => {
  api.loseAnswers = 2
  reporter.item({ kind: 'run.running' })
  reporter.log({ level: 'info', text: 'once' })
  expect(await reporter.flush(10_000)).toBe(true)
  expect(api.items).toHaveLength(1)
  expect(api.logs).toHaveLength(1)
})

test('while the control plane is away or overloaded everything is kept and sent afterwards', async () => {
  const port = await api.close()
  reporter.item({ kind: 'run.running' })
  reporter.log({ level: 'info', text: 'in the dark' })
  const flushed = reporter.flush(10_000)
  api.failures.push(503, 429, 500)
  await api.start(port)
  expect(await flushed).toBe(true)
  expect(api.items).toHaveLength(1)
  expect(api.logs[0]?.text).toBe('in the dark')
})

test('a flush that cannot end gives up at its deadline and hands the lines back', async () => {
  await api.close()
  reporter.log({ level: 'warn', text: 'never sent', task: 'load' })
  expect(await reporter.flush(300)).toBe(false)
  expect(reporter.close()).toEqual(['warn load never sent'])
  expect(reporter.problem).toMatch(/ECONNREFUSED/)
  await api.start()
})

test('a batch that is too large for a proxy on the way is cut until it passes', async () => {
  api.failures.push(413)
  for (let n = 0; n < 1000; n++) reporter.item({ kind: 'task', key: `t-${n}`, name: 't', state: 'RUNNING', try: 1 })
  expect(await reporter.flush(10_000)).toBe(true)
  expect(api.requests[0]?.items).toBe(250)
  expect(api.items).toHaveLength(1000)
})

test('a stop in an answer is told once, and reports still go through', async () => {
  api.stop = { reason: 'cancelled', message: 'by ada' }
  reporter.item({ kind: 'run.running' })
  await reporter.flush(10_000)
  reporter.item({ kind: 'task', key: 't', name: 't', state: 'CANCELLED', try: 1 })
  expect(await reporter.flush(10_000)).toBe(true)
  expect(stops).toEqual([{ reason: 'cancelled', message: 'by ada' }])
  expect(api.items).toHaveLength(2)
})

test.each([401, 403, 404, 409])('an attempt that is answered with %d is fenced: it stops and sends nothing more', async (status) => {
  api.failures.push(status)
  reporter.item({ kind: 'run.running' })
  expect(await reporter.flush(10_000)).toBe(false)
  expect(stops.map(({ reason }) => reason)).toEqual(['stale'])
  reporter.item({ kind: 'run.completed' })
  expect(await reporter.flush(10_000)).toBe(false)
  expect(api.requests).toHaveLength(0)
})

test('the buffer is bounded: what does not fit is counted and said, and the numbers stay contiguous', async () => {
  const release = api.hold()
  for (let n = 0; n < 2000; n++) reporter.log({ level: 'info', text: 'x'.repeat(15_000) })
  release()
  expect(await reporter.flush(30_000)).toBe(true)
  reporter.log({ level: 'info', text: 'after' })
  expect(await reporter.flush(10_000)).toBe(true)
  const [note, after] = api.logs.slice(-2)
  expect(note?.text).toMatch(/^\d+ lines were dropped here/)
  expect(after?.text).toBe('after')
  expect(api.logs.length).toBeLessThan(1500)
})

test('the buffer holds no more results of tasks than lines: those beyond it are not kept, their states are', async () => {
  const release = api.hold()
  for (let n = 1; n <= 400; n++) {
    reporter.item({ kind: 'task', key: `t-${n}`, name: 't', state: 'COMPLETED', try: 1, result: JSON.stringify('x'.repeat(60_000)) })
  }
  release()
  expect(await reporter.flush(30_000)).toBe(true)
  const tasks = api.items.flatMap((item) => (item.kind === 'task' ? [item] : []))
  expect(tasks).toHaveLength(400)
  const kept = tasks.filter((item) => item.result !== undefined).length
  expect(kept).toBeGreaterThan(200)
  expect(kept).toBeLessThan(300)
  expect(tasks.at(-1)).toMatchObject({ notReusable: 'the control plane was away, and the buffer was full' })
})

test('lines that are too long are cut with a note, and characters that cannot be stored are shown', async () => {
  reporter.log({ level: 'info', text: 'y'.repeat(20_000) })
  reporter.log({ level: 'info', text: 'a\0b\ud800c' })
  expect(await reporter.flush(10_000)).toBe(true)
  expect(api.logs[0]?.text).toHaveLength(16_000)
  expect(api.logs[0]?.text).toMatch(/ … \(cut\)$/)
  expect(api.logs[1]?.text).toBe('a\u2400b\ufffdc')
})
