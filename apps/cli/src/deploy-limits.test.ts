import type { DeploymentLimit } from '@towline/contract/limit-views'
import type { Manifest } from '@towline/contract/manifest'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FakeControlPlane, Refused } from './testing/fake-control-plane.ts'
import { createFlowProject, type FlowProject } from './testing/flow-project.ts'
import { buildCli, type Cli, type Ended } from './testing/run-cli.ts'

let cli: Cli
let plane: FakeControlPlane
let project: FlowProject

beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())
beforeEach(async () => {
  plane = await new FakeControlPlane().start()
  project = await createFlowProject()
})
afterEach(async () => {
  await plane.close()
  project.remove()
})

type Asked = { manifest: Manifest; limit?: DeploymentLimit; dryRun?: boolean }
const towline = (...args: string[]): Promise<Ended> =>
  cli.run(args, { cwd: project.directory, env: { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test' } })
const asked = (): Asked[] => plane.inputsOf('deployments.register') as Asked[]

const FILE = `pool: p
deployments:
  plain: { command: 'true' }
  etl: { command: 'true', limit: 2, rate: { count: 100, windowSeconds: 60 }, collision: cancel-new }
  stopped: { command: 'true', limit: 0 }
`
const BEFORE = { slots: 3, rate: null, collision: 'enqueue' } as const
const registered = ({ limit }: Asked) => ({
  deployment: {},
  version: 4,
  created: false,
  changed: false,
  limit: limit ? { before: BEFORE, after: { ...BEFORE, ...limit }, changed: true } : null,
})

test('deploy sends the limit that the file says, and none where it says nothing', async () => {
  project.write('towline.yaml', FILE)
  plane.procedures['deployments.register'] = registered
  const { code, stdout } = await towline('deploy')
  expect({ code, lines: stdout.trimEnd().split('\n') }).toEqual({
    code: 0,
    lines: [
      '= plain  unchanged, version 4  command on p',
      '~ etl  unchanged, version 4  limit 3 → 2, rate none → 100/m, collision enqueue → cancel-new  command on p',
      '~ stopped  unchanged, version 4  limit 3 → 0  command on p',
    ],
  })
  const done = asked().filter(({ dryRun }) => !dryRun)
  expect(done.map(({ manifest, limit }) => [manifest.name, limit])).toEqual([
    ['plain', undefined],
    ['etl', { slots: 2, rate: { count: 100, windowSeconds: 60 }, collision: 'cancel-new' }],
    ['stopped', { slots: 0 }],
  ])
  for (const { manifest } of done) expect(Object.keys(manifest)).not.toContain('limit')
})

test('--dry-run shows what the limit would become, a first one too, and what stays is not shown', async () => {
  project.write('towline.yaml', FILE)
  const after = { slots: 2, rate: null, collision: 'enqueue' } as const
  plane.procedures['deployments.register'] = (input: Asked) => ({
    ...registered(input),
    limit: input.limit ? { before: input.manifest.name === 'etl' ? null : after, after, changed: input.manifest.name === 'etl' } : null,
  })
  expect((await towline('deploy', '--dry-run')).stdout.trimEnd().split('\n')).toEqual([
    '= plain  unchanged, version 4  command on p',
    '~ etl  unchanged, version 4  limit none → 2  command on p',
    '= stopped  unchanged, version 4  command on p',
  ])
  expect(JSON.parse((await towline('deploy', 'etl', '--dry-run', '-o', 'json')).stdout)).toMatchObject([
    { name: 'etl', changed: false, limit: { before: null, after, changed: true } },
  ])
  expect(asked().every(({ dryRun }) => dryRun)).toBe(true)
})

test('whoever may not set limits is refused before anything is stored or registered', async () => {
  project.write(
    'flows/one.ts',
    "import { flow, main } from '@towline/sdk'\nexport const one = flow({ name: 'one', run: async () => 1 })\nawait main(import.meta, one)\n",
  )
  project.write('towline.yaml', 'pool: p\ndeployments:\n  one: { flow: flows/one.ts }\n  etl: { command: "true", limit: 2 }\n')
  plane.procedures['deployments.register'] = (input: Asked) => {
    if (input.limit) throw new Refused('forbidden', 'Your role in home is viewer; this needs operator.', 403)
    return registered(input)
  }
  expect(await towline('deploy')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('your role in home is viewer; this needs operator'),
  })
  expect(asked().filter(({ dryRun }) => !dryRun)).toEqual([])
  expect(plane.bundles.size).toBe(0)
})
