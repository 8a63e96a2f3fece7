import type { LimitDetail, LimitView } from '@towline/contract/limit-views'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FakeControlPlane, Refused } from './testing/fake-control-plane.ts'
import { buildCli, type Cli, type Ended } from './testing/run-cli.ts'
import { runView, whoami } from './testing/views.ts'

let cli: Cli
let plane: FakeControlPlane

beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())
beforeEach(async () => {
  plane = await new FakeControlPlane().start()
  plane.procedures['auth.whoami'] = () => whoami
  plane.procedures['limits.list'] = () => [
    limitView(),
    limitView({ kind: 'deployment', name: 'etl', slots: 0, used: 0, collision: 'cancel-new' }),
  ]
  plane.procedures['limits.suggestions'] = () => []
})
afterEach(() => plane.close())

const towline = (...args: string[]): Promise<Ended> => cli.run(args, { env: { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test' } })
const at = new Date('2024-01-01T08:00:00.000Z')
const id = (n: number): string => `01990000-0000-7000-8000-00000000000${n}`

const limitView = (changes: Partial<LimitView> = {}): LimitView => ({
  id: id(1),
  kind: 'tag',
  name: 'api',
  subjectId: null,
  slots: 2,
  rate: { count: 100, windowSeconds: 60 },
  collision: 'enqueue',
  description: 'the vendor allows no more',
  used: 2,
  holding: 1,
  waiting: 1,
  createdAt: at,
  updatedAt: at,
  createdBy: 'Ada',
  ...changes,
})
const run = { id: id(9), name: 'amber-otter', state: 'Running' as const, deploymentName: 'etl' }
const detail = (changes: Partial<LimitDetail> = {}): LimitDetail => ({
  ...limitView(),
  holders: [{ slotId: id(2), run, attempt: 1, taskKey: 'fetch-2', weight: 2, lent: 0, since: at }],
  waiters: [
    {
      run: { ...run, id: id(8), name: 'blue-heron', state: 'AwaitingSlot' },
      taskKey: null,
      weight: 1,
      priority: 5,
      place: 1,
      since: at,
      hold: 'full',
      until: null,
      called: false,
    },
  ],
  ...changes,
})
const notFound = () => {
  throw new Refused('not_found', 'There is no such limit in this workspace.', 404)
}

test('limits ls shows use, rate and line of each, and names tags that have none', async () => {
  plane.procedures['limits.suggestions'] = () => [{ tag: 'gpu', runs: 3, tasks: 7, lastSeenAt: at }]
  const { code, stdout, stderr } = await towline('limits', 'ls', '--kind', 'tag')
  expect(code).toBe(0)
  expect(stdout).toBe(
    `LIMIT           IN USE  RATE   WAITING  COLLISION   DESCRIPTION
api             2/2     100/m  1                    the vendor allows no more
deployment:etl  paused  100/m  1        cancel-new  the vendor allows no more
`,
  )
  expect(stderr).toBe('tags without a limit: gpu (3 runs, 7 tasks)\n')
  expect(plane.inputsOf('limits.list')).toEqual([{ kind: 'tag' }])
  expect((await towline('limits', 'ls', '--kind', 'tags')).code).toBe(2)
  expect(JSON.parse((await towline('limits', 'ls', '-o', 'json')).stdout)).toEqual(
    JSON.parse(JSON.stringify(plane.procedures['limits.list']?.(undefined as never))),
  )
})

test.each([
  [['api', '5'], { limit: { kind: 'tag', tag: 'api' }, slots: 5 }],
  [
    ['tag:pool:x', '--slots', 'none', '--rate', '10/s'],
    { limit: { kind: 'tag', tag: 'pool:x' }, slots: null, rate: { count: 10, windowSeconds: 1 } },
  ],
  [
    ['queue:eu/fast', '--rate', '5000/24h'],
    { limit: { kind: 'queue', pool: 'eu', queue: 'fast' }, rate: { count: 5000, windowSeconds: 86_400 } },
  ],
  [['pool:eu', '0'], { limit: { kind: 'pool', pool: 'eu' }, slots: 0 }],
  [
    ['deployment:etl', '--rate', 'none', '--collision', 'replace-oldest', '--description', 'one'],
    { limit: { kind: 'deployment', deployment: 'etl' }, rate: null, collision: 'replace-oldest', description: 'one' },
  ],
])('limits set %j says to the server just what was said', async (args, input) => {
  plane.procedures['limits.set'] = () => limitView({ slots: 1, rate: null, used: 3 })
  const { code, stdout, stderr } = await towline('limits', 'set', ...args)
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'api  1 slot\n',
    stderr: '3 are held: those go on, and nothing new is let in before 3 of them are back\n',
  })
  expect(plane.inputsOf('limits.set')).toEqual([input])
})

test.each([
  [['limits', 'set', 'api'], 'say what to set'],
  [['limits', 'set', 'api', 'many'], '"many" is no number of slots'],
  [['limits', 'set', 'api', '--rate', '10/2d'], '"10/2d" is no rate'],
  [['limits', 'set', 'queue:eu', '1'], '"queue:eu" names no limit'],
  [['limits', 'set', 'deployment:etl', '1', '--collision', 'queue'], '--collision is one of enqueue, cancel-new, replace-oldest'],
  [['limits', 'rehearse', 'api'], 'say what to try'],
  [['limits', 'history', 'api', '--hours', '0'], '--hours is a number from 1 to 24'],
  [['limits', 'release', 'api', 'x'], "required option '--reason <text>' not specified"],
])('%j is a usage error that asks nobody', async (args, message) => {
  const { code, stdout, stderr } = await towline(...args)
  expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 2, stdout: '', first: `error: ${message}` })
  expect(plane.calls).toEqual([])
})

test('limits holders shows who holds and who waits, with place and reason', async () => {
  plane.procedures['limits.get'] = () => detail()
  const { code, stdout } = await towline('limits', 'holders', 'api')
  expect(code).toBe(0)
  expect(stdout).toContain('api  in use: 2/2, 100/m starts')
  expect(stdout).toMatch(/^00000002 +00000009 +amber-otter +fetch-2 +2 +● Running/m)
  expect(stdout).toMatch(/^1 +00000008 +blue-heron +1 +5 +\S.* full$/m)
  expect(JSON.parse((await towline('limits', 'holders', 'api', '-o', 'json')).stdout)).toEqual(JSON.parse(JSON.stringify(detail())))
})

test('a slip in the name of a limit is answered with the limit that was meant', async () => {
  plane.procedures['limits.get'] = notFound
  expect(await towline('limits', 'holders', 'apii')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: there is no limit "apii"\ntry:   towline limits holders api\n',
  })
})

test('limits rm and limits release ask, and where nobody can answer they want --yes', async () => {
  plane.procedures['limits.get'] = () => detail()
  plane.procedures['limits.delete'] = () => ({})
  plane.procedures['limits.release'] = () => ({ runId: id(9), runName: 'amber-otter' })
  expect((await towline('limits', 'rm', 'api')).code).toBe(2)
  expect((await towline('limits', 'release', 'api', 'amber-otter', '--reason', 'hangs')).code).toBe(2)
  expect([plane.inputsOf('limits.delete'), plane.inputsOf('limits.release')]).toEqual([[], []])
  expect((await towline('limits', 'rm', 'api', '--yes')).stdout).toBe('Deleted the limit of api\n')
  expect((await towline('limits', 'release', 'api', 'amber-otter', '--reason', 'hangs', '--yes')).code).toBe(0)
  expect(plane.inputsOf('limits.delete')).toEqual([{ limit: { id: id(1) } }])
  expect(plane.inputsOf('limits.release')).toEqual([{ limit: { id: id(1) }, slotId: id(2), reason: 'hangs' }])
  expect(await towline('limits', 'release', 'api', 'red-fox', '--reason', 'hangs', '--yes')).toMatchObject({
    code: 1,
    stderr: 'error: nobody called "red-fox" holds a slot of api\ntry:   towline limits holders api\n',
  })
})

test('limits history draws use and line, and lists the hours in which something happened', async () => {
  plane.procedures['limits.history'] = () => ({
    from: at,
    to: at,
    bucketSeconds: 600,
    slots: 4,
    points: Array.from({ length: 144 }, (_, index) => ({
      at: new Date(at.getTime() + index * 600_000),
      maxUsed: index === 2 ? 4 : 0,
      maxWaiting: index === 2 ? 3 : 0,
      granted: index === 2 ? 6 : 0,
      waitMeanMs: index === 2 ? 1500 : 0,
      waitMaxMs: index === 2 ? 4000 : 0,
    })),
  })
  const { stdout } = await towline('limits', 'history', 'api', '--hours', '12')
  expect(stdout).toMatch(/in use .*█ +at most 4 of 4/)
  expect(stdout).toMatch(/waiting .*█ +at most 3/)
  expect(stdout.trim().split('\n').at(-1)).toMatch(/4 +3 +6 +1\.5 s +4\.0 s$/)
  expect(plane.inputsOf('limits.history')).toEqual([{ limit: { kind: 'tag', tag: 'api' }, hours: 12 }])
})

const summary = (p95: number) => ({ p50: 0, p95, max: p95 * 2, peakLine: 3, peakUse: 2, never: 0, endedAt: at })
test('limits rehearse tries what was said and leaves the rest as it is, also for a limit that does not exist', async () => {
  plane.procedures['limits.get'] = () => detail()
  plane.procedures['limits.rehearse'] = () => ({
    from: at,
    to: at,
    holders: 40,
    truncated: false,
    before: summary(1000),
    after: summary(60_000),
    groups: [{ group: 'etl', holders: 40, meanWaitBefore: 100, meanWaitAfter: 9000, neverAfter: 0 }],
  })
  const { code, stdout, stderr } = await towline('limits', 'rehearse', 'api', '1')
  expect(code).toBe(0)
  expect(stdout).toMatch(/95 of 100 up to +1\.0 s +1 m 0 s/)
  expect(stdout).toMatch(/etl +40 +100 ms +9\.0 s +loses/)
  expect(stderr).toBe('nothing was changed; do it with: towline limits set api 1\n')
  plane.procedures['limits.get'] = notFound
  await towline('limits', 'rehearse', 'deployment:etl', '--rate', '1/m')
  expect(plane.inputsOf('limits.rehearse')).toEqual([
    { limit: { kind: 'tag', tag: 'api' }, slots: 1, rate: { count: 100, windowSeconds: 60 } },
    { limit: { kind: 'deployment', deployment: 'etl' }, slots: null, rate: { count: 1, windowSeconds: 60 } },
  ])
})

test('runs why lists the gates in order, the holders of the limit in the way, the place and what to do', async () => {
  const open = { text: '', remedy: null, command: null, limit: null, state: 'ok' as const }
  const limit = {
    limit: { id: id(1), kind: 'tag' as const, name: 'api', slots: 2, used: 2 },
    hold: 'full' as const,
    holders: [{ runId: id(8), runName: 'blue-heron', taskKey: 'fetch', since: at }],
    holding: 7,
    place: 3,
    since: at,
    until: null,
    estimateMs: 42_000,
  }
  plane.procedures['runs.get'] = () =>
    runView('AwaitingSlot', {
      startedAt: null,
      gates: [
        { ...open, gate: 'pool-paused' },
        { ...open, gate: 'limit', state: 'holds', text: 'api is full.', remedy: 'Raise it.', command: 'towline limits set api 3', limit },
        { ...open, gate: 'no-agent', state: 'holds', text: 'No agent of local is online.' },
        { ...open, gate: 'in-line', state: 'unknown' },
      ],
    })
  plane.procedures['runs.tasks'] = () => []
  const { code, stdout } = await towline('runs', 'why', 'amber-otter')
  expect(code).toBe(0)
  const lines = stdout.split('\n').map((line) => line.trim())
  expect(lines.filter((line) => /^[✓✗·]/.test(line))).toEqual([
    '✓ work pool open',
    '✗ limits  api is full.',
    '✗ an agent is there  No agent of local is online.',
    '· its turn',
  ])
  expect(stdout).toMatch(/held by blue-heron \/ fetch {2}00000008 {2}for \d+ h/)
  expect(stdout).toContain('and 6 more: towline limits holders api')
  expect(stdout).toMatch(/place in line 3/)
  expect(stdout).toContain('likely in 42.0 s')
  expect(stdout).toContain('try: towline limits set api 3')
  expect(JSON.parse((await towline('runs', 'why', 'amber-otter', '-o', 'json')).stdout).gates).toHaveLength(4)
})

const PROBLEM = {
  reason: 'failed' as const,
  attempt: 1,
  at: new Date(),
  what: 'Exited with code 3',
  done: 'Retried as attempt 2 in 10 s (0 of 1 retry left).',
  remedy: 'Its last log lines say more.',
}

test('runs why and runs inspect say what went wrong, what was done about it and what to do, of a run that waits for its retry', async () => {
  const state = { ...runView('AwaitingRetry').state, message: `${PROBLEM.what}. ${PROBLEM.done}` }
  plane.procedures['runs.get'] = () => runView('AwaitingRetry', { state, dueAt: new Date(Date.now() + 9500), problem: PROBLEM })
  plane.procedures['runs.tasks'] = () => []
  plane.procedures['runs.events'] = () => []
  for (const command of ['why', 'inspect']) {
    const { stdout } = await towline('runs', command, 'amber-otter')
    expect(stdout).toMatch(/next: attempt 2 starts in (10|9) s\n {2}remedy: Its last log lines say more\./)
    expect(stdout).not.toContain('runs retry')
  }
})

test('runs why of a run that has failed says so with the next command, and of one that goes on what went wrong before', async () => {
  plane.procedures['runs.tasks'] = () => []
  const problem = { ...PROBLEM, done: 'Not retried: its 1 retry is used up.' }
  const state = { ...runView('Failed').state, message: `${problem.what}. ${problem.done}` }
  plane.procedures['runs.get'] = () => runView('Failed', { state, problem })
  const failed = (await towline('runs', 'why', 'amber-otter')).stdout
  expect(failed).toContain(
    '  Exited with code 3. Not retried: its 1 retry is used up.\n  remedy: Its last log lines say more.\n  again: towline runs retry',
  )
  expect(failed).not.toContain('waits for nothing')
  expect(failed).not.toContain('--from-failed')
  plane.procedures['runs.get'] = () => runView('Failed', { state, problem, reusable: { tasks: 6, others: [] } })
  expect((await towline('runs', 'why', 'amber-otter')).stdout).toMatch(/again: towline runs retry \S+ --from-failed\n/)
  plane.procedures['runs.get'] = () => runView('Retrying', { attempt: 2, problem: PROBLEM })
  expect((await towline('runs', 'why', 'amber-otter')).stdout).toContain(
    '  attempt 1: Exited with code 3\n    Retried as attempt 2 in 10 s',
  )
})

test('runs why names the tasks of a running run that wait for slots', async () => {
  plane.procedures['runs.get'] = () => runView('Running')
  plane.procedures['runs.tasks'] = () => [
    { key: 'fetch-2', attempt: 1, waiting: { gate: 'limit', text: 'It waits for a slot of api.', remedy: null, limit: null } },
    { key: 'fetch', attempt: 1, waiting: null },
  ]
  expect((await towline('runs', 'why', 'amber-otter')).stdout).toContain('✗ task fetch-2  It waits for a slot of api.')
})

const ledger = { at, ok: true, limits: 2, slots: 3, waiters: 1, problems: [] as object[] }
test('doctor is content with a ledger that adds up, and exit code 1 names what does not', async () => {
  plane.procedures['limits.ledger'] = () => ledger
  expect(await towline('doctor', '--limits')).toEqual({
    code: 0,
    stdout: '✓ limits: 3 held slots of 2 limits and 1 waiters add up\n',
    stderr: '',
  })
  const problems = [{ kind: 'leaked', limit: { id: id(1), kind: 'tag', name: 'api' }, runId: id(9), text: 'a slot without a live holder' }]
  plane.procedures['limits.ledger'] = () => ({ ...ledger, ok: false, problems })
  const { code, stdout } = await towline('doctor', '--limits')
  expect(code).toBe(1)
  expect(stdout).toContain('✗ leaked api run 00000009: a slot without a live holder')
  const json = await towline('doctor', '--limits', '-o', 'json')
  expect([json.code, JSON.parse(json.stdout).ok]).toEqual([1, false])
})

test('doctor names runs that wait where no agent is, with the command that helps', async () => {
  plane.procedures['limits.ledger'] = () => ledger
  plane.procedures['pools.list'] = () => [
    { name: 'eu', paused: false, agentsOnline: 0, waiting: 4 },
    { name: 'us', paused: false, agentsOnline: 2, waiting: 4 },
  ]
  const { code, stdout } = await towline('doctor')
  expect(code).toBe(1)
  expect(stdout).toContain('✗ 4 runs wait for an agent of the pool eu\n  try: towline agent start --pool eu\n')
  expect(stdout).toContain('✓ pool us: 2 agents online')
})

test('completion and help know limits', async () => {
  expect((await towline('__complete', 'limits', 'h')).stdout).toBe('holders\nhistory\n')
  expect((await towline('__complete', 'limits', 'set', '')).stdout).toBe('api\ndeployment:etl\n')
  expect((await towline('__complete', 'runs', 'w')).stdout).toBe('why\nwatch\n')
  expect((await towline('limits', 'set', '--help')).stdout).toContain('towline limits set api --rate 100/1m')
})
