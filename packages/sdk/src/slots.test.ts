import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FakeRunApi } from './testing/fake-run-api.ts'
import { attemptEnv, createFlowProject, type FlowProject, startFile } from './testing/flow-project.ts'

let project: FlowProject
let api: FakeRunApi

beforeAll(async () => {
  project = await createFlowProject()
})
afterAll(() => project.remove())
beforeEach(async () => {
  api = await new FakeRunApi().start()
})
afterEach(async () => {
  await api.close()
  expect(api.problems).toEqual([])
})

let files = 0
const launch = async (body: string) => {
  const file = await project.write(
    `slots-${++files}.mjs`,
    `import { flow, main, task, sleep, context } from '@towline/sdk'
export const etl = flow({ name: 'etl', run: async () => {\n${body}\n} })
await main(import.meta, etl)`,
  )
  return startFile(file, { env: attemptEnv(api.url) })
}
const of = (key: string): string[] =>
  api.items.flatMap((item) => (item.kind === 'task' && item.key === key ? [[item.state, item.message].filter(Boolean).join(' ')] : []))
const asks = (): number => api.slots.calls.filter((call) => call.startsWith('ask')).length

test('tags without a limit are asked for once, by one task for all, and tasks without tags never ask', async () => {
  const { ended } = await launch(
    `const tagged = task({ name: 'a', tags: ['db'], run: async () => 1 })
     const plain = task({ name: 'b', run: async () => 1 })
     await Promise.all(Array.from({ length: 20 }, () => tagged()))
     await plain(); await tagged()`,
  )
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
  expect(api.slots.calls).toEqual(['ask a'])
  expect(of('a')).toEqual(['RUNNING', 'COMPLETED'])
})

test('a limit is never exceeded by the tasks of a run, each says what it waits for, and every slot comes back', async () => {
  api.slots.set('api', 2)
  const { ended } = await launch(
    `let now = 0, most = 0
     const call = task({ name: 'call', tags: ['api'], run: async () => { most = Math.max(most, ++now); await sleep(0.02); now-- } })
     await Promise.all(Array.from({ length: 12 }, () => call()))
     return { most }`,
  )
  expect((await ended).code).toBe(0)
  expect(api.items.at(-1)).toMatchObject({ kind: 'run.completed', result: { most: 2 } })
  expect(api.slots.peak.get('api')).toBe(2)
  const waits = api.items.flatMap((item) => (item.kind === 'task' && item.state === 'PENDING' ? [item.message] : []))
  expect(waits).toContain('waiting for a slot of "api" (1st in line)')
  await api.until('the slots to come back', () => api.slots.held.size === 0)
  expect(api.slots.waiting).toEqual([])
})

test('weights are asked for as they are said, for the tags that they name as well', async () => {
  api.slots.set('gpu', 3)
  const { ended } = await launch(
    `let now = 0, most = 0
     const train = task({ name: 'train', weights: { gpu: 2 }, run: async () => { most = Math.max(most, ++now); await sleep(0.02); now-- } })
     await Promise.all([train(), train(), train()])
     return { most }`,
  )
  expect((await ended).code).toBe(0)
  expect(api.items.at(-1)).toMatchObject({ result: { most: 1 } })
  expect(api.slots.peak.get('gpu')).toBe(2)
  expect(api.items.find((item) => item.kind === 'task')).toMatchObject({ tags: ['gpu'] })
})

test('the time of a task begins when it has its slots, and none is held between two tries', async () => {
  api.slots.set('api', 1)
  const { ended } = await launch(
    `let tries = 0
     const slow = task({ name: 'slow', tags: ['api'], run: () => sleep(0.3) })
     const flaky = task({ name: 'flaky', tags: ['api'], retries: 1, retryDelaySeconds: 0.05, timeoutSeconds: 0.25, run: async () => { if (++tries < 2) throw new Error('once') } })
     await Promise.all([slow(), flaky()])`,
  )
  expect((await ended).code).toBe(0)
  expect(of('flaky').filter((state) => !state.startsWith('PENDING'))).toEqual([
    'RUNNING',
    expect.stringContaining('RETRYING'),
    'RUNNING',
    'COMPLETED',
  ])
  await api.until('the slots to come back', () => api.slots.held.size === 0)
  expect(api.slots.calls.filter((call) => call === 'free flaky')).toHaveLength(2)
})

test('a task whose time is over gives its slots back, even if its body does not stop', async () => {
  api.slots.set('api', 1)
  const { ended } = await launch(
    `const stuck = task({ name: 'stuck', tags: ['api'], timeoutSeconds: 0.1, run: () => new Promise(() => setInterval(() => {}, 1000)) })
     const good = task({ name: 'good', tags: ['api'], run: () => 1 })
     await stuck().catch(() => undefined)
     await good()`,
  )
  expect((await ended).code).toBe(0)
  expect(of('stuck').at(-1)).toContain('FAILED')
  expect(of('good').at(-1)).toBe('COMPLETED')
})

test('a task that fails gives its slots back', async () => {
  api.slots.set('api', 1)
  const { ended } = await launch(
    `const bad = task({ name: 'bad', tags: ['api'], run: () => { throw new Error('no') } })
     const good = task({ name: 'good', tags: ['api'], run: () => 1 })
     await bad().catch(() => undefined)
     await good()`,
  )
  expect((await ended).code).toBe(0)
  expect(of('good').at(-1)).toBe('COMPLETED')
})

test('a paused limit is said to be paused, and the task starts when it is raised', async () => {
  api.slots.set('api', 0)
  const { ended } = await launch(`await task({ name: 'a', tags: ['api'], run: () => 1 })()`)
  await api.until('the pause to be told', () => of('a').length > 0)
  expect(of('a')).toEqual(['PENDING waiting: the limit of "api" is paused (1st in line)'])
  api.slots.set('api', 1)
  expect((await ended).code).toBe(0)
  expect(of('a').slice(1)).toEqual(['RUNNING', 'COMPLETED'])
})

test('a cancel ends the wait at once, and leaves the line', async () => {
  api.slots.set('api', 0)
  api.slots.holdMs = 10_000
  const { child, ended } = await launch(`await task({ name: 'a', tags: ['api'], run: () => 1 })()`)
  await api.until('the held call', () => asks() === 2)
  child.kill('SIGTERM')
  expect((await ended).code).toBe(143)
  expect(of('a').at(-1)).toMatch(/^CANCELLED/)
  expect(api.slots.waiting).toEqual([])
})

test('a stop in the answer ends the run', async () => {
  api.slots.set('api', 0)
  const ask = api.slots.ask.bind(api.slots)
  api.slots.ask = async (body) => {
    const answer = await ask(body)
    return answer.granted ? answer : { ...answer, stop: { reason: 'cancelled', message: 'Ada cancelled it' } }
  }
  const { ended } = await launch(`await task({ name: 'a', tags: ['api'], run: () => 1 })()`)
  expect((await ended).code).toBe(143)
})

test('a gateway that restarts is waited for, and the place in line is the same', async () => {
  api.slots.set('api', 0)
  api.slots.holdMs = 10_000
  const { ended } = await launch(`await task({ name: 'a', tags: ['api'], run: () => 1 })()`)
  await api.until('the held call', () => asks() === 2)
  const port = await api.close()
  expect(api.slots.waiting).toEqual(['a'])
  await api.start(port)
  await api.until('the next call', () => asks() === 3)
  api.slots.set('api', 1)
  expect((await ended).code).toBe(0)
  expect(of('a').at(-1)).toBe('COMPLETED')
})

test('an older control plane has no limits', async () => {
  api.hasSlots = false
  const { ended } = await launch(
    `await task({ name: 'a', tags: ['api'], run: () => 1 })(); await task({ name: 'b', tags: ['api'], run: () => 1 })()`,
  )
  expect((await ended).code).toBe(0)
  expect(asks()).toBe(1)
})

test('a weight that is no whole number is told where the task is called', async () => {
  const { ended } = await launch(`await task({ name: 'a', weights: { api: 0.5 }, run: () => 1 })()`)
  expect((await ended).code).toBe(1)
  expect(api.items.at(-1)).toMatchObject({ message: 'the weight of api of task "a" is a whole number from 1, not 0.5' })
})
