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
/** A file whose flow `etl` has this body, started as an agent would. */
const launch = async (body: string, { parameters = {}, options = '' }: { parameters?: unknown; options?: string } = {}) => {
  const file = await project.write(
    `flow-${++files}.mjs`,
    `import { flow, logger, main, task, sleep, context } from '@towline/sdk'
import { z } from 'zod'
export const etl = flow({ name: 'etl', ${options} run: async (params, ctx) => {\n${body}\n} })
await main(import.meta, etl)`,
  )
  return startFile(file, { env: attemptEnv(api.url, parameters) })
}
const kinds = (): string[] => api.items.map((item) => (item.kind === 'task' ? `${item.key} ${item.state}` : item.kind))

test('a run reports its states, tasks, edges, lines and result; its lines are not on stdout as well', async () => {
  const { ended } = await launch(
    `logger.info('hello', { attempt: ctx.attempt, run: ctx.runName })
     const a = task({ name: 'a', tags: ['db'], run: async () => { logger.debug('inside'); return { n: 1 } } })
     const b = task({ name: 'b', run: async (x) => x.n + 1 })
     console.log('printed')
     return { total: await b(a()), day: params.day }`,
    { parameters: { day: '2030-01-01' } },
  )
  expect(await ended).toEqual({ code: 0, signal: null, stdout: 'printed\n', stderr: '' })
  expect(kinds()).toEqual(['run.running', 'b PENDING', 'a RUNNING', 'a COMPLETED', 'b RUNNING', 'b COMPLETED', 'run.completed'])
  expect(api.items.at(-1)).toMatchObject({ result: { total: 2, day: '2030-01-01' } })
  expect(api.items[2]).toMatchObject({ tags: ['db'], try: 1 })
  expect(api.items[4]).toMatchObject({ dependsOn: ['a'] })
  expect(api.logs.map(({ text, task, level }) => [level, text, task])).toEqual([
    ['info', 'hello attempt=1 run=amber-otter', undefined],
    ['debug', 'inside', 'a'],
  ])
  expect(api.requests[0]?.token).toBe('Bearer tlr_test')
})

test('a failure carries the message and the stack, and the exit code is 1', async () => {
  const { ended } = await launch(`throw new Error('disk is full', { cause: new TypeError('quota') })`)
  expect((await ended).code).toBe(1)
  const last = api.items.at(-1)
  expect(last).toMatchObject({ kind: 'run.failed', message: 'disk is full', timedOut: false })
  expect(last?.kind === 'run.failed' && last.error).toMatch(
    /^Error: disk is full\n\s+at run .*flow-\d+\.mjs:4:[\s\S]*caused by: TypeError: quota/,
  )
  expect(api.logs.at(-1)).toMatchObject({ level: 'error' })
})

test.each([
  ['an exception that nobody caught', `setTimeout(() => { throw new Error('from a timer') }, 5); await sleep(30)`, 'from a timer'],
  ['a rejection that nobody handled', `Promise.reject(new Error('forgotten')); await sleep(30)`, 'forgotten'],
  ['a wait that can never end', `await new Promise(() => undefined)`, 'can never happen'],
  ['a result that is too large', `return 'x'.repeat(100_000)`, '64 KiB are kept'],
])('%s fails the run with words', async (_, body, message) => {
  const { ended } = await launch(body)
  expect((await ended).code).toBe(1)
  expect(api.items.at(-1)).toMatchObject({ kind: 'run.failed', message: expect.stringContaining(message) })
})

test('process.exit() inside a flow is no success', async () => {
  const { ended } = await launch(`logger.info('bye'); process.exit(0)`)
  const { code, stderr } = await ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/the process exited before its flow had ended/)
})

test('parameters that do not match fail the run and name each problem', async () => {
  const { ended } = await launch('return 1', { options: 'parameters: z.object({ day: z.iso.date() }),', parameters: { day: 'soon' } })
  expect((await ended).code).toBe(1)
  expect(api.items.at(-1)).toMatchObject({ kind: 'run.failed', message: expect.stringMatching(/day: Invalid ISO date/) })
})

test('SIGTERM aborts the signal, lets bodies tidy up and ends with 143 and without a verdict of its own', async () => {
  const { child, ended } = await launch(
    `const t = task({ name: 't', run: async () => {
       try { await sleep(60) } finally { logger.info('tidied up') }
     } })
     await t()`,
  )
  await api.until('the task to run', () => kinds().includes('t RUNNING'))
  child.kill('SIGTERM')
  expect((await ended).code).toBe(143)
  expect(kinds()).toEqual(['run.running', 't RUNNING', 't CANCELLED'])
  expect(api.logs.map(({ text }) => text)).toEqual(['tidied up'])
})

test('a stop in an answer cancels the run like a signal', async () => {
  const { ended } = await launch(`for (;;) { logger.info('tick'); await sleep(0.02) }`)
  await api.until('a line', () => api.logs.length > 0)
  api.stop = { reason: 'cancelled', message: 'cancelled by ada' }
  expect((await ended).code).toBe(143)
  expect(kinds()).toEqual(['run.running'])
})

test('a fenced attempt stops by itself', async () => {
  const { ended } = await launch(`for (;;) { logger.info('tick'); await sleep(0.02) }`)
  await api.until('a line', () => api.logs.length > 0)
  api.failures.push(409)
  expect((await ended).code).toBe(143)
})

test('a control plane that is away in the middle costs nothing', async () => {
  const { ended } = await launch(`for (let n = 1; n <= 40; n++) { logger.info('tick ' + n); await sleep(0.01) } return 40`)
  await api.until('a line', () => api.logs.length > 0)
  const port = await api.close()
  await new Promise((done) => setImmediate(done))
  await api.start(port)
  expect((await ended).code).toBe(0)
  expect(api.logs.map(({ text }) => text)).toEqual(Array.from({ length: 40 }, (_, n) => `tick ${n + 1}`))
  expect(api.items.at(-1)).toMatchObject({ kind: 'run.completed', result: 40 })
})

test('the first line of user code does not wait for the control plane', async () => {
  const release = api.hold()
  const { child, ended } = await launch(`console.log('started'); return 1`)
  await new Promise<void>((done) => child.stdout?.once('data', () => done()))
  expect(api.items).toEqual([])
  release()
  expect((await ended).code).toBe(0)
})

test('a flow that the code does not hold is a clear failure', async () => {
  const file = await project.write(
    'other.mjs',
    "import { flow, main } from '@towline/sdk'\nawait main(import.meta, flow({ name: 'other', run: async () => 1 }))",
  )
  expect((await startFile(file, { env: attemptEnv(api.url) }).ended).code).toBe(1)
  expect(api.items.at(-1)).toMatchObject({
    kind: 'run.failed',
    message: expect.stringMatching(/holds no flow "etl"\. Flows here: "other"/),
  })
})
