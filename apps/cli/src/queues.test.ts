import type { QueueView } from '@towline/contract/views'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FakeControlPlane, Refused } from './testing/fake-control-plane.ts'
import { buildCli, type Cli, type Ended } from './testing/run-cli.ts'
import { whoami } from './testing/views.ts'

let cli: Cli
let plane: FakeControlPlane

const queue = (name: string, changes: Partial<QueueView> = {}): QueueView => ({
  id: '01990000-0000-7000-8000-000000000001',
  name,
  priority: 100,
  paused: false,
  waiting: 0,
  deployments: 1,
  ...changes,
})
const queues = [queue('urgent', { priority: 1, waiting: 12 }), queue('default'), queue('night', { priority: 500, paused: true })]

beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())
beforeEach(async () => {
  plane = await new FakeControlPlane().start()
  plane.procedures['auth.whoami'] = () => whoami
  plane.procedures['pools.list'] = () => [{ name: 'eu' }, { name: 'us' }]
  plane.procedures['pools.get'] = ({ name }: { name: string }) => {
    if (name !== 'eu') throw new Refused('not_found', 'There is no such pool.', 404)
    return { name, paused: false, queues }
  }
})
afterEach(() => plane.close())

const towline = (...args: string[]): Promise<Ended> => cli.run(args, { env: { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test' } })

test('queues ls shows the queues of a pool in the order in which they are served', async () => {
  const { code, stdout } = await towline('queues', 'ls', '--pool', 'eu')
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `QUEUE    PRIORITY  WAITING  DEPLOYMENTS
urgent   1         12       1
default  100       0        1
night    500       0        1            paused
`,
  })
  expect(JSON.parse((await towline('queues', 'ls', '--pool', 'eu', '-o', 'json')).stdout)).toEqual(queues)
})

test('queues create sends name, priority and pause, and says how runs get there', async () => {
  plane.procedures['queues.create'] = ({ name, priority = 100, paused = false }: QueueView) => queue(name, { priority, paused })
  const { code, stdout, stderr } = await towline('queues', 'create', 'slow', '--pool', 'eu', '--priority', '900', '--paused')
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Created slow in eu (priority 900, paused)\n' })
  expect(stderr).toContain('"queue: slow" beside "pool: eu"')
  expect(JSON.parse((await towline('queues', 'create', 'b', '--pool', 'eu', '-o', 'json')).stdout)).toMatchObject({
    name: 'b',
    priority: 100,
  })
  expect(plane.inputsOf('queues.create')).toMatchObject([
    { pool: 'eu', name: 'slow', priority: 900, paused: true },
    { pool: 'eu', name: 'b', priority: 100 },
  ])
})

test('queues pause, resume and set change one thing each', async () => {
  plane.procedures['queues.update'] = ({ name, ...changes }: QueueView) => queue(name, changes)
  const paused = await towline('queues', 'pause', 'urgent', '--pool', 'eu')
  expect(paused.stdout).toBe('‖ urgent of eu is paused: no new run of it starts. Go on with: towline queues resume urgent --pool eu\n')
  expect((await towline('queues', 'resume', 'night', '--pool', 'eu')).stdout).toBe('night of eu goes on\n')
  expect((await towline('queues', 'set', 'night', '--pool', 'eu', '--priority', '2')).stdout).toBe('night of eu  priority 2\n')
  expect(plane.inputsOf('queues.update')).toEqual([
    { pool: 'eu', name: 'urgent', paused: true },
    { pool: 'eu', name: 'night', paused: false },
    { pool: 'eu', name: 'night', priority: 2 },
  ])
})

test('queues rm asks, wants --yes where nobody can answer, and passes the refusal on', async () => {
  const refusal = 'Deployments use the queue night of eu: etl. Delete them or register them with another queue first.'
  plane.procedures['queues.delete'] = () => {
    throw new Refused('conflict', refusal, 409)
  }
  expect(await towline('queues', 'rm', 'night', '--pool', 'eu')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Delete the queue night of eu and its limit?'),
  })
  expect(plane.inputsOf('queues.delete')).toEqual([])
  expect(await towline('queues', 'rm', 'night', '--pool', 'eu', '--yes')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('deployments use the queue night of eu: etl. Delete them or register them with another queue first'),
  })
  plane.procedures['queues.delete'] = () => ({ name: 'night' })
  expect((await towline('queues', 'rm', 'night', '--pool', 'eu', '-y')).stdout).toBe('Deleted night of eu\n')
})

test('a slip in the name of a queue or of its pool is answered with the one that was meant', async () => {
  expect(await towline('queues', 'pause', 'nihgt', '--pool', 'eu')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: the work pool eu has no queue "nihgt"\ntry:   towline queues pause night --pool eu\n',
  })
  expect((await towline('queues', 'pause', 'night', '--pool', 'eux')).stderr).toBe(
    'error: there is no work pool "eux"\ntry:   towline queues pause night --pool eu\n',
  )
})

test.each([
  [['queues', 'ls'], "required option '--pool <name>' not specified"],
  [['queues', 'set', 'night', '--pool', 'eu'], "required option '--priority <number>' not specified"],
  [['queues', 'set', 'night', '--pool', 'eu', '--priority', '0'], '"0" is no priority of a queue'],
  [['queues', 'create', 'x', '--pool', 'eu', '--priority', 'high'], '"high" is no priority of a queue'],
])('%j is a usage error that asks nobody', async (args, message) => {
  const { code, stdout, stderr } = await towline(...args)
  expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 2, stdout: '', first: `error: ${message}` })
  expect(plane.calls).toEqual([])
})

test('completion knows the verbs, the pools and the queues of the pool that was named', async () => {
  expect((await towline('__complete', 'queues', 'r')).stdout).toBe('resume\nrm\n')
  expect((await towline('__complete', 'queues', 'pause', 'night', '--pool', '')).stdout).toBe('eu\nus\n')
  expect((await towline('__complete', 'queues', 'pause', '--pool', 'eu', 'u')).stdout).toBe('urgent\n')
  expect((await towline('__complete', 'queues', 'pause', '')).stdout).toBe('')
  expect((await towline('queues', '--help')).stdout).toContain('towline queues create urgent --pool eu --priority 1')
})
