import type { PastResult, ReportItem } from '@towline/contract/run-api'
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
type TaskItem = Extract<ReportItem, { kind: 'task' }>
interface Attempt {
  code: number | null
  /** `key STATE`, with a star when it was taken over. */
  states: string[]
  items: TaskItem[]
  lines: string[]
  stdout: string
}

/** The same file, attempt after attempt; each is given what those before it returned, as the control plane does it. */
const createRun = async (body: string, options = '') => {
  const file = await project.write(
    `flow-${++files}.mjs`,
    `import { flow, logger, main, task, sleep, context } from '@towline/sdk'
const step = (name, run, more = {}) => task({ name, ...more, run: async (...args) => { console.log(name + ' ' + JSON.stringify(args)); return run(...args) } })
export const etl = flow({ name: 'etl', ${options} run: async (params, ctx) => {\n${body}\n} })
await main(import.meta, etl)`,
  )
  const stored: TaskItem[][] = []
  const marks = (attempt: TaskItem[]): Map<string, string> =>
    new Map(attempt.flatMap((item) => (item.inputHash ? [[item.key, item.inputHash] as const] : [])))
  const past = (): PastResult[] =>
    stored.flatMap((items, index) => {
      const hashes = marks(items)
      const done = items.filter((item) => item.state === 'COMPLETED' && !item.reusedFrom && !item.notReusable && hashes.has(item.key))
      return done.map((item) => {
        const inputHash = hashes.get(item.key) ?? ''
        const twins = stored.some((other) => {
          const named = new Map(other.map((one) => [one.key, one.name]))
          return [...marks(other)].filter(([key, hash]) => hash === inputHash && named.get(key) === item.name).length > 1
        })
        return { key: item.key, name: item.name, inputHash, attempt: index + 1, result: item.result ?? null, alone: !twins }
      })
    })
  return async (parameters: unknown = {}, reuse = stored.length > 0) => {
    const number = stored.length + 1
    api.past &&= past()
    api.items.length = 0
    api.logs.length = 0
    const { ended } = startFile(file, {
      env: { ...attemptEnv(api.url, parameters), TOWLINE_ATTEMPT: String(number), TOWLINE_REUSE: reuse ? '1' : '0' },
    })
    const { code, stdout } = await ended
    const items = api.items.filter((item) => item.kind === 'task')
    stored.push(items)
    const states = items.filter((item) => item.state !== 'PENDING').map((item) => `${item.key} ${item.state}${item.reusedFrom ? '*' : ''}`)
    const attempt: Attempt = { code, states, items, lines: api.logs.map((line) => `${line.task ?? ''}: ${line.text}`), stdout }
    return attempt
  }
}

test('an attempt that reuses takes finished tasks over, with their edges and values, and runs the rest', async () => {
  const run = await createRun(
    `const load = step('load', () => ({ rows: [1, 2] }), { tags: ['db'] })
     const note = step('note', () => undefined)
     const sum = step('sum', ({ rows }) => { if (ctx.attempt === 1) throw new Error('disk is full'); return rows.length })
     const rows = load('2030')
     await note(rows)
     return { total: await sum(rows) }`,
  )
  const first = await run()
  expect(first.code).toBe(1)
  expect(api.pastQuestions).toEqual([])
  expect(first.items.filter((item) => item.state === 'RUNNING').map((item) => [item.key, item.inputHash])).toEqual([
    ['load', expect.stringMatching(/^[0-9a-f]{64}$/)],
    ['note', expect.stringMatching(/^[0-9a-f]{64}$/)],
    ['sum', expect.stringMatching(/^[0-9a-f]{64}$/)],
  ])
  expect(first.items.find((item) => item.key === 'load' && item.state === 'COMPLETED')).toMatchObject({ result: '{"rows":[1,2]}' })
  // What is taken over takes no slot: there is none.
  api.slots.set('db', 0)
  const second = await run()
  expect(second).toMatchObject({ code: 0, stdout: 'sum [{"rows":[1,2]}]\n' })
  expect(second.states).toEqual(['load COMPLETED*', 'note COMPLETED*', 'sum RUNNING', 'sum COMPLETED'])
  expect(second.items.find((item) => item.key === 'load')).toMatchObject({ reusedFrom: 1, tags: ['db'], try: 1 })
  expect(second.items.find((item) => item.key === 'sum' && item.state === 'RUNNING')).toMatchObject({ dependsOn: ['load'] })
  expect(api.items.at(-1)).toMatchObject({ kind: 'run.completed', result: { total: 2 } })
  expect(second.lines).toEqual([': retried from failed: 2 results of earlier attempts are at hand'])
})

test('a task whose inputs are others runs again and says so, and so does what takes its result', async () => {
  const run = await createRun(
    `const day = step('day', () => ctx.attempt, { storeResult: false })
     const load = step('load', (n) => 'rows of ' + n)
     const fixed = step('fixed', () => 1)
     await load(await day()); await fixed()
     throw new Error('no')`,
  )
  await run()
  const second = await run()
  expect(second.states).toEqual(['day RUNNING', 'day COMPLETED', 'load RUNNING', 'load COMPLETED', 'fixed COMPLETED*'])
  expect(second.items.find((item) => item.key === 'day' && item.state === 'COMPLETED')).toMatchObject({
    notReusable: 'storeResult of the task is false',
  })
  expect(second.items[0]).not.toHaveProperty('inputHash')
  expect(second.lines).toContain('load: runs again: its inputs are others than in attempt 1')
})

test('a parent that is taken over does not run its children; one that runs again finds those of the same inputs', async () => {
  const run = await createRun(
    `const child = step('child', (n) => n * 2)
     const parent = step('parent', async (n) => { const two = await step('child', () => n * 2)(); if (n === 2 && ctx.attempt === 1) throw new Error('no'); return two })
     const inner = flow({ name: 'inner', run: async ({ n }) => child(n) })
     await parent(1); await inner({ n: 5 }); await parent(ctx.attempt === 3 ? 9 : 2)
     if (ctx.attempt < 4) throw new Error('no')`,
  )
  await run()
  expect((await run()).states).toEqual([
    'parent COMPLETED*',
    'inner COMPLETED*',
    'parent-2 RUNNING',
    'parent-2/child COMPLETED*',
    'parent-2 COMPLETED',
  ])
  // Its parent was called with something else, which the child may use without a word.
  expect((await run()).states.slice(2)).toEqual([
    'parent-2 RUNNING',
    'parent-2/child RUNNING',
    'parent-2/child COMPLETED',
    'parent-2 COMPLETED',
  ])
  expect((await run()).states).toEqual(['parent COMPLETED*', 'inner COMPLETED*', 'parent-2 COMPLETED*'])
})

test('calls that race each other find their results although their keys have changed', async () => {
  const run = await createRun(
    `const fetchPage = step('fetch', async (n) => { await sleep(ctx.attempt === 1 ? n / 100 : (5 - n) / 100); return n }, { storeResult: false })
     const store = step('store', (n) => 'stored ' + n)
     const stored = await Promise.all([1, 2, 3, 4].map(async (n) => store(await fetchPage(n))))
     if (ctx.attempt === 1) throw new Error('no')
     return stored`,
  )
  expect((await run()).states.filter((state) => state.startsWith('store'))).toHaveLength(8)
  const second = await run()
  expect(second.states.filter((state) => state.startsWith('store')).sort()).toEqual([
    'store COMPLETED*',
    'store-2 COMPLETED*',
    'store-3 COMPLETED*',
    'store-4 COMPLETED*',
  ])
  expect(api.items.at(-1)).toMatchObject({ result: ['stored 1', 'stored 2', 'stored 3', 'stored 4'] })
})

test('what has to follow a task that runs again runs again, too', async () => {
  const run = await createRun(
    `const clean = step('clean', () => undefined, { storeResult: false })
     const load = step('load', () => 7)
     const after = step('after', () => 8)
     const cleaned = clean()
     await load.with({ dependsOn: [cleaned] })()
     await after(cleaned)
     throw new Error('no')`,
  )
  await run()
  const second = await run()
  expect(second.states.filter((state) => state.endsWith('*'))).toEqual([])
  expect(second.lines).toContain('load: runs again: it follows "clean", which has run since')
  expect(second.lines).toContain('after: runs again: it follows "clean", which has run since')
})

test.each([
  ['a Date', `step('t', () => new Date(0))`, '1', 'its result contains a Date'],
  ['too much', `step('t', () => 'x'.repeat(70000))`, '1', 'its result is larger than 64 KiB'],
  ['what it does to its arguments', `step('t', (list) => { list.push(1) })`, '[]', 'it changes its arguments'],
  ['arguments that cannot be compared', `step('t', () => 1)`, '() => 1', 'its arguments contain a function'],
  [
    'what is inside such a task',
    `step('outer', () => step('t', () => 1)(1))`,
    '() => 1',
    'what the task around it was called with cannot be compared',
  ],
])('%s is not kept, and the reason is reported', async (_, task, argument, reason) => {
  const run = await createRun(`await ${task}(${argument})`)
  const { items, code } = await run()
  const last = items.find((item) => item.name === 't' && item.state === 'COMPLETED')
  expect(last).toMatchObject({ notReusable: reason })
  expect(last).not.toHaveProperty('result')
  expect(code).toBe(0)
})

test('a flow can keep its results to itself', async () => {
  const run = await createRun(`await step('secret', () => 'abc')('key'); throw new Error('no')`, 'storeResults: false,')
  const first = await run()
  expect(first.items.map(({ inputHash, result, notReusable }) => ({ inputHash, result, notReusable }))).toEqual([
    {},
    { notReusable: 'storeResults of its flow is false' },
  ])
  expect((await run()).states).toEqual(['secret RUNNING', 'secret COMPLETED'])
})

test('an older control plane has no results: everything runs', async () => {
  const run = await createRun(`return step('a', () => 1)()`)
  api.past = null
  expect((await run({}, true)).states).toEqual(['a RUNNING', 'a COMPLETED'])
  expect(api.pastQuestions).toHaveLength(1)
})

test('a control plane that is away is waited for, page by page', async () => {
  const run = await createRun(
    `for (const n of [1, 2, 3, 4, 5]) await step('a', () => n)(n)
     if (ctx.attempt === 1) throw new Error('no')`,
  )
  await run()
  api.failures.push(503, 503)
  const second = await run()
  expect(second.states).toEqual(['a', 'a-2', 'a-3', 'a-4', 'a-5'].map((key) => `${key} COMPLETED*`))
  expect(api.pastQuestions.map((url) => new URL(url, api.url).search)).toEqual(['', '?cursor=2', '?cursor=4'])
})

test('an attempt that was replaced reads nothing and stops', async () => {
  const run = await createRun(`await step('a', () => 1)()`)
  api.failures.push(409, 409)
  const { code, states } = await run({}, true)
  expect(code).toBe(143)
  expect(states).toEqual([])
})
