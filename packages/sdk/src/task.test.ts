import { expect, test } from 'vitest'
import { newExecution } from './context.ts'
import { context } from './current-context.ts'
import { NonRetryableError, TimeoutError } from './errors.ts'
import { type AnyFlow, definitionOf, flow } from './flow.ts'
import { newController, sleep } from './guard.ts'
import { logger } from './logger.ts'
import { type Outcome, runFlow, settleBodies } from './run-flow.ts'
import { task } from './task.ts'
import type { NewItem, NewLine } from './wire.ts'

type TaskItem = Extract<NewItem, { kind: 'task' }>

/** Runs a flow into a list instead of a control plane. */
const record = async (given: AnyFlow, parameters: unknown = {}, controller = newController()) => {
  const tasks: TaskItem[] = []
  const lines: NewLine[] = []
  const sink = { item: (item: NewItem) => void (item.kind === 'task' && tasks.push(item)), log: (line: NewLine) => void lines.push(line) }
  const execution = newExecution({ sink })
  const outcome: Outcome = await runFlow(definitionOf(given), parameters, execution, controller.signal)
  await settleBodies(execution, 1)
  const states = (key: string): string[] => tasks.filter((item) => item.key === key).map(({ state }) => state)
  const edges = (key: string): string[] | undefined => tasks.findLast((item) => item.key === key && item.dependsOn !== undefined)?.dependsOn
  return { outcome, tasks, lines, states, edges, keys: [...new Set(tasks.map(({ key }) => key))] }
}

const double = task({ name: 'double', run: async (n: number) => ({ n: n * 2 }) })
const sum = task({ name: 'sum', run: async (parts: { n: number }[]) => parts.reduce((all, { n }) => all + n, 0) })

test('keys come from names and the order of calls, and inside a task from its key', async () => {
  const inner = task({ name: 'inner', run: async () => 1 })
  const outer = task({ name: 'outer', run: async () => (await inner()) + (await inner()) })
  const given = flow({ name: 'keys', run: async () => Promise.all([outer(), outer(), inner()]) })
  const first = await record(given)
  expect(first.keys.toSorted()).toEqual(['inner', 'outer', 'outer-2', 'outer-2/inner', 'outer-2/inner-2', 'outer/inner', 'outer/inner-2'])
  expect((await record(given)).keys).toEqual(first.keys)
})

test('promises as arguments are awaited and become edges, also inside an array', async () => {
  const given = flow({ name: 'edges', run: async () => sum([double(1), double(2), double(3)]) })
  const { outcome, edges, states } = await record(given)
  expect(outcome).toMatchObject({ kind: 'completed', result: 12 })
  expect(edges('sum')).toEqual(['double', 'double-2', 'double-3'])
  expect(states('sum')).toEqual(['PENDING', 'RUNNING', 'COMPLETED'])
})

test('objects that a task returned are known again, and so is what they hold', async () => {
  const load = task({ name: 'load', run: async () => ({ rows: [{ id: 1 }] }) })
  const use = task({ name: 'use', run: async (input: unknown) => input })
  const given = flow({
    name: 'identity',
    run: async () => {
      const [loaded, doubled] = await Promise.all([load(), double(1)])
      await use(loaded.rows)
      await use({ deep: { doubled } })
    },
  })
  const { edges } = await record(given)
  expect(edges('use')).toEqual(['load'])
  expect(edges('use-2')).toEqual(['double'])
})

test('dependsOn orders and records what hands over no value', async () => {
  const order: string[] = []
  const check = task({ name: 'check', run: () => sleep(0.02).then(() => void order.push('check')) })
  const publish = task({ name: 'publish', run: async () => void order.push('publish') })
  const { edges } = await record(flow({ name: 'explicit', run: async () => publish.with({ dependsOn: [check(), 'elsewhere'] })() }))
  expect(order).toEqual(['check', 'publish'])
  expect(edges('publish')).toEqual(['check', 'elsewhere'])
})

test('a task is tried again with its delays, and says which try it is', async () => {
  const seen: number[] = []
  const flaky = task({
    name: 'flaky',
    retries: 3,
    retryDelaySeconds: [0.01, 0.02],
    run: async () => {
      const attempt = context().task?.try ?? 0
      seen.push(attempt)
      if (attempt < 3) throw new Error(`no luck ${attempt}`)
      return 'done'
    },
  })
  const { outcome, states, tasks } = await record(flow({ name: 'retry', run: () => flaky() }))
  expect(outcome).toMatchObject({ kind: 'completed', result: 'done' })
  expect(seen).toEqual([1, 2, 3])
  expect(states('flaky')).toEqual(['RUNNING', 'RETRYING', 'RUNNING', 'RETRYING', 'RUNNING', 'COMPLETED'])
  expect(tasks.find(({ state }) => state === 'RETRYING')?.message).toMatch(/^try 1 of 4 failed: no luck 1; again in \d+ ms$/)
})

test('a NonRetryableError fails at once', async () => {
  const fatal = task({ name: 'fatal', retries: 5, run: async () => Promise.reject(new NonRetryableError('no such bucket')) })
  const { outcome, states } = await record(flow({ name: 'fatal-flow', run: () => fatal() }))
  expect(outcome).toMatchObject({ kind: 'failed', timedOut: false })
  expect(states('fatal')).toEqual(['RUNNING', 'FAILED'])
})

test("a task's time is over: its signal is aborted, it fails and may be tried again", async () => {
  const reasons: unknown[] = []
  const slow = task({
    name: 'slow',
    retries: 1,
    retryDelaySeconds: 0,
    timeoutSeconds: 0.03,
    run: async () => {
      const { signal } = context()
      signal.addEventListener('abort', () => reasons.push(signal.reason))
      await new Promise(() => undefined)
    },
  })
  const { outcome, states } = await record(flow({ name: 'slow-flow', run: () => slow() }))
  expect(outcome).toMatchObject({ kind: 'failed', timedOut: false })
  expect(states('slow')).toEqual(['RUNNING', 'RETRYING', 'RUNNING', 'FAILED'])
  expect(reasons).toHaveLength(2)
  expect(reasons.every((reason) => reason instanceof TimeoutError)).toBe(true)
})

test("the flow's own time is over: it failed by timeout, and its tasks are cancelled", async () => {
  const wait = task({ name: 'wait', run: () => sleep(60) })
  const { outcome, states } = await record(flow({ name: 'bounded', timeoutSeconds: 0.05, run: () => wait() }))
  expect(outcome).toMatchObject({ kind: 'failed', timedOut: true })
  expect(states('wait')).toEqual(['RUNNING', 'CANCELLED'])
})

test('a cancel reaches running, sleeping and waiting tasks', async () => {
  const controller = newController()
  const wait = task({ name: 'wait', run: () => sleep(60) })
  const retrying = task({ name: 'retrying', retries: 1, retryDelaySeconds: 60, run: async () => Promise.reject(new Error('x')) })
  const after = task({ name: 'after', run: async (_: unknown) => 1 })
  const given = flow({
    name: 'cancelled',
    run: async () => {
      const waiting = wait()
      setTimeout(() => controller.abort(new Error('by ada')), 20)
      await Promise.all([waiting, retrying(), after(waiting)])
    },
  })
  const { outcome, states } = await record(given, {}, controller)
  expect(outcome.kind).toBe('cancelled')
  expect([states('wait').at(-1), states('retrying').at(-1), states('after').at(-1)]).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED'])
})

test('a task whose input failed is never started', async () => {
  const bad = task({ name: 'bad', run: async (): Promise<number> => Promise.reject(new Error('boom')) })
  const { outcome, states } = await record(flow({ name: 'upstream', run: () => double(bad()) }))
  expect(outcome).toMatchObject({ kind: 'failed', error: { message: 'boom' } })
  expect(states('double')).toEqual(['PENDING', 'CANCELLED'])
})

test('a flow ends after tasks that it did not await, and fails with theirs', async () => {
  const background = task({ name: 'background', run: () => sleep(0.03) })
  const kept = await record(flow({ name: 'kept', run: async () => void background() }))
  expect(kept.states('background')).toEqual(['RUNNING', 'COMPLETED'])
  const broken = task({ name: 'broken', run: async () => Promise.reject(new Error('unseen')) })
  const { outcome } = await record(flow({ name: 'unseen', run: async () => void broken() }))
  expect(outcome).toMatchObject({ kind: 'failed', error: { message: 'task "broken" failed and nothing awaited it: unseen' } })
})

test('a failure that was caught is no failure of the flow', async () => {
  const broken = task({ name: 'broken', run: async () => Promise.reject(new Error('expected')) })
  const { outcome } = await record(flow({ name: 'caught', run: async () => broken().catch(() => 'fine') }))
  expect(outcome).toMatchObject({ kind: 'completed', result: 'fine' })
})

test('when a flow fails its other tasks are cancelled before it ends', async () => {
  const wait = task({ name: 'wait', run: () => sleep(60) })
  const given = flow({
    name: 'siblings',
    run: async () => {
      wait()
      await sleep(0.01)
      throw new Error('stop here')
    },
  })
  const { outcome, states } = await record(given)
  expect(outcome).toMatchObject({ kind: 'failed', error: { message: 'stop here' } })
  expect(states('wait')).toEqual(['RUNNING', 'CANCELLED'])
})

test('a flow inside a flow is a step with its own tasks beneath', async () => {
  const section = flow({ name: 'section', run: async () => double(2) })
  const { outcome, keys } = await record(flow({ name: 'report', run: async () => (await section()).n }))
  expect(outcome).toMatchObject({ kind: 'completed', result: 4 })
  expect(keys).toEqual(['section', 'section/double'])
})

test('lines know the task that wrote them, and fields are readable', async () => {
  const loud = task({ name: 'loud', run: async () => logger.warn('odd', { rows: 3, path: 'a b', nested: { ok: true }, big: 10n }) })
  const loudly = (): Promise<void> => {
    logger.info('before')
    return loud()
  }
  const { lines } = await record(flow({ name: 'lines', run: loudly }))
  expect(lines).toEqual([
    { level: 'info', text: 'before' },
    { level: 'warn', text: 'odd rows=3 path="a b" nested={"ok":true} big="10"', task: 'loud' },
  ])
})

test.each([
  ['too large', () => 'x'.repeat(70_000), /has 69 KiB, and 64 KiB are kept\. Store it elsewhere/],
  ['a bigint', () => 10n, /is not JSON/],
  ['a function', () => () => 1, /is a function, which is not JSON/],
])('a result that is %s fails the run and says what to do', async (_, result, message) => {
  const { outcome } = await record(flow({ name: 'result', run: async () => result() }))
  expect(outcome.kind === 'failed' && String(outcome.error)).toMatch(message)
})

test('outside a flow a task is a plain function that retries', async () => {
  let calls = 0
  const flaky = task({
    name: 'alone',
    retries: 1,
    retryDelaySeconds: 0,
    run: async () => (++calls < 2 ? Promise.reject(new Error('x')) : calls),
  })
  expect(await flaky()).toBe(2)
})

test('names and numbers that cannot work are refused where they are written', () => {
  expect(() => task({ name: '', run: async () => 1 })).toThrow(/a task needs a name/)
  expect(() => flow({ name: 'No Spaces', run: async () => 1 })).toThrow(/is no name for a flow/)
  expect(() => flow({ name: 'x', timeoutSeconds: 0, run: async () => 1 })).toThrow(/above 0/)
})
