import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FakeControlPlane, Refused } from './testing/fake-control-plane.ts'
import { buildCli, type Cli } from './testing/run-cli.ts'
import { change, deploymentView, logLine, runView, stateEvent, whoami } from './testing/views.ts'
import { readSse } from './watch/read-sse.ts'

let cli: Cli
let plane: FakeControlPlane
let env: Record<string, string>

beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())
beforeEach(async () => {
  plane = await new FakeControlPlane().start()
  env = { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test' }
  plane.procedures['auth.whoami'] = () => whoami
  plane.procedures['deployments.get'] = () => deploymentView('etl')
  plane.procedures['runs.create'] = () => runView('Scheduled')
  plane.procedures['runs.get'] = () => runView('Running')
})
afterEach(() => plane.close())

const at = new Date('2030-01-01T08:00:00.000Z')

const withoutTimes = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, ''))

test('a watched run prints states, tasks and lines in order, one summary with the link, and exits with 0', async () => {
  plane.watch = () => ({
    send: [
      change({ run: runView('Scheduled'), events: [stateEvent(1, 'Scheduled')] }),
      change({ events: [stateEvent(2, 'Running')], logs: [logLine(3, 'hello')], logCursor: { '1/log': 3 } }),
      change({ run: runView('Completed'), events: [stateEvent(4, 'Completed')] }),
    ],
    after: 'end',
  })
  const { code, stdout } = await cli.run(['run', 'etl', '--watch'], { env })
  expect(code).toBe(0)
  expect(withoutTimes(stdout)).toEqual([
    '◷ Scheduled',
    '● Running',
    '    info  hello',
    '✓ Completed',
    `✓ Completed  amber-otter  1.2 s  ${plane.url}/w/acme/runs/${runView('Completed').id}`,
  ])
})

test.each(['Failed', 'TimedOut', 'Crashed', 'Cancelled'] as const)('a run that ended %s is exit code 1', async (state) => {
  plane.watch = () => ({ send: [change({ run: runView(state), events: [stateEvent(1, state, 'because')] })], after: 'end' })
  const { code, stdout, stderr } = await cli.run(['runs', 'watch', 'amber-otter'], { env })
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toContain(`${state}  because`)
})

test('a connection that breaks is opened again after the last event and line, and nothing comes twice', async () => {
  plane.watch = (_, connection) =>
    connection === 1
      ? {
          send: [
            change({
              run: runView('Running'),
              events: [stateEvent(1, 'Running')],
              logs: [logLine(1, 'one'), logLine(2, 'two')],
              logCursor: { '1/log': 2 },
            }),
          ],
          after: 'break',
        }
      : {
          send: [
            change({
              run: runView('Completed'),
              events: [stateEvent(4, 'Completed')],
              logs: [logLine(3, 'three')],
              logCursor: { '1/log': 3 },
            }),
          ],
          after: 'end',
        }
  const { code, stdout, stderr } = await cli.run(['runs', 'watch', 'amber-otter'], { env })
  expect(code).toBe(0)
  expect(plane.inputsOf('runs.watch')).toMatchObject([
    { afterEvent: 0, logCursor: {} },
    { afterEvent: 1, logCursor: { '1/log': 2 } },
  ])
  expect(
    withoutTimes(stdout)
      .slice(0, -1)
      .map((line) => line.trim()),
  ).toEqual(['● Running', 'info  one', 'info  two', 'info  three', '✓ Completed'])
  expect(stderr).toMatch(/^lost the connection \(.+\), trying again…\n$/)
})

test('a task that was taken over looks cached and names the attempt that ran it', async () => {
  const task = {
    name: 't',
    try: 1,
    tags: [],
    dependsOn: [],
    notReusable: null,
    message: null,
    waiting: null,
    attempt: 2,
    createdAt: at,
    endedAt: at,
  }
  plane.watch = () => ({
    send: [
      change({
        run: runView('Completed'),
        events: [stateEvent(1, 'Completed')],
        tasks: [
          { ...task, key: 'load', state: 'COMPLETED', reusedFrom: 1, startedAt: null },
          { ...task, key: 'plot', state: 'COMPLETED', reusedFrom: null, startedAt: at },
        ],
      }),
    ],
    after: 'end',
  })
  const { stdout } = await cli.run(['runs', 'watch', 'amber-otter'], { env })
  expect(withoutTimes(stdout).map((line) => line.trim())).toEqual(
    expect.arrayContaining(['↯ load  Cached  reused from attempt 1', expect.stringMatching(/^✓ plot {2}Completed/)]),
  )
})

test('a run that failed after finished tasks ends with the command that goes on from them', async () => {
  plane.watch = () => ({
    send: [change({ run: runView('Failed', { reusable: { tasks: 2, others: [] } }), events: [stateEvent(1, 'Failed')] })],
    after: 'end',
  })
  const { code, stderr } = await cli.run(['runs', 'watch', 'amber-otter'], { env })
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'go on with the 2 finished tasks: towline runs retry 00000009 --from-failed\n' })
})

test('Ctrl-C stops watching, not the run, and is no failure', async () => {
  plane.watch = () => ({ send: [change({ run: runView('Running'), events: [stateEvent(1, 'Running')] })], after: 'stay' })
  const { child, ended } = cli.start(['run', 'etl', '--watch'], { env })
  await new Promise<void>((done) => child.stdout?.once('data', () => done()))
  child.kill('SIGINT')
  const { code, stderr } = await ended
  expect(code).toBe(0)
  expect(stderr).toContain('stopped watching; the run goes on. Cancel it with: towline runs cancel 00000009')
  expect(plane.inputsOf('runs.cancel')).toEqual([])
})

test('with -o json the story goes to stderr and stdout is the run', async () => {
  plane.watch = () => ({
    send: [change({ run: runView('Completed', { result: { rows: 3 } }), events: [stateEvent(1, 'Completed')] })],
    after: 'end',
  })
  const { stdout, stderr } = await cli.run(['run', 'etl', '--watch', '-o', 'json'], { env })
  expect(JSON.parse(stdout)).toMatchObject({ name: 'amber-otter', result: { rows: 3 } })
  expect(stderr).toContain('✓ Completed')
})

test('why a run waits is said once, with the remedy', async () => {
  const waiting = {
    gate: 'no-agent',
    text: 'No agent of local is connected.',
    remedy: 'towline agent start --pool local',
    limit: null,
  } as const
  const waits = change({ run: runView('Scheduled', { waiting }) })
  plane.watch = () => ({ send: [waits, waits, change({ run: runView('Completed') })], after: 'end' })
  const { stderr } = await cli.run(['runs', 'watch', 'amber-otter'], { env })
  expect(stderr).toBe('·  No agent of local is connected. towline agent start --pool local\n')
})

test('runs logs pages through all lines, one JSON object a line with -o json', async () => {
  plane.procedures['runs.logs'] = ({ cursor }: { cursor: Record<string, number> }) =>
    cursor['1/log']
      ? { lines: [logLine(2, 'two')], cursor: { '1/log': 2 }, more: false }
      : { lines: [logLine(1, 'one')], cursor: { '1/log': 1 }, more: true }
  const { stdout } = await cli.run(['runs', 'logs', 'amber-otter', '-o', 'json'], { env })
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { text: string }).text),
  ).toEqual(['one', 'two'])
})

test('a run that does not exist ends at once', async () => {
  plane.procedures['runs.get'] = () => {
    throw new Refused('not_found', 'There is no run called nope.', 404)
  }
  expect(await cli.run(['runs', 'watch', 'nope'], { env })).toMatchObject({ code: 1, stderr: 'error: there is no run called nope\n' })
})

test('events are put together whatever the chunks they come in', async () => {
  const bytes = new TextEncoder().encode('event: a\r\ndata: {"x":"é"}\r\n\r\n: ping\n\ndata: 1\ndata: 2\n\n\n')
  const chunks = async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte)
  }
  const found = []
  for await (const event of readSse(chunks())) found.push(event)
  expect(found).toEqual([
    { event: 'a', data: '{"x":"é"}' },
    { event: 'message', data: '1\n2' },
  ])
})
