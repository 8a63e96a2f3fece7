import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '@towline/contract/manifest'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FakeControlPlane } from './testing/fake-control-plane.ts'
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
  plane.procedures['deployments.register'] = () => ({ deployment: {}, version: 1, created: true, changed: true, limit: null })
})
afterEach(async () => {
  await plane.close()
  project.remove()
})

const towline = (...args: string[]): Promise<Ended> =>
  cli.run(args, { cwd: project.directory, env: { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test' } })
const manifests = (): Manifest[] => plane.inputsOf('deployments.register').map((input) => (input as { manifest: Manifest }).manifest)

const ETL = `import { flow, logger, main, task } from '@towline/sdk'
import { z } from 'zod'
const __dirname = 'my own'
const add: (a: number) => number = (a) => a + 1
const step = task({ name: 'step', run: async (n: number) => add(n) })
export const etl = flow({
  name: 'etl', description: 'Adds one', tags: ['sdk'], retries: 3, timeoutSeconds: 60,
  parameters: z.object({ n: z.int().default(1), day: z.iso.date().optional() }),
  run: async ({ n }) => { logger.info(__dirname); if (n < 0) throw new Error('below zero'); return step(n) },
})
export const other = flow({ name: 'other', run: async () => 1 })
await main(import.meta, etl)
`

test('deploy bundles each file once, stores it under its hash and registers what the flow and the file say', async () => {
  project.write('flows/etl.ts', ETL)
  project.write(
    'towline.yaml',
    `pool: local
deployments:
  etl-daily: { flow: 'flows/etl.ts#etl', tags: [prod], retries: { crashes: 5 }, parameters: { n: 7 } }
  other: { flow: './flows/etl.ts#other', pool: big }
  backup: { command: 'pg_dump > x', variables: { env: { STAGE: prod } } }
  train: { image: 'ghcr.io/acme/train:1', command: [python, train.py], timeoutSeconds: 9, tags: [gpu], weights: { gpu: 2 } }
`,
  )
  const { code, stdout, stderr } = await towline('deploy')
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'start one: towline run etl-daily --watch\n' })
  expect(stdout.split('\n')[0]).toBe('+ etl-daily  new, version 1  bundle on local')
  const [daily, other, backup, train] = manifests()
  expect([...plane.bundles.keys()]).toHaveLength(1)
  const [[sha256, bundle] = ['', Buffer.alloc(0)]] = plane.bundles
  expect(createHash('sha256').update(bundle).digest('hex')).toBe(sha256)
  expect(daily).toMatchObject({
    flow: 'etl',
    description: 'Adds one',
    pool: 'local',
    code: { kind: 'bundle', sha256, sizeBytes: bundle.length, flow: 'etl' },
    parameterSchema: { type: 'object', properties: { n: { type: 'integer', default: 1 }, day: { format: 'date' } } },
    parameters: { n: 7 },
    tags: ['prod', 'sdk'],
    retries: { failures: 3, crashes: 5 },
    timeoutSeconds: 60,
  })
  expect(other).toMatchObject({ pool: 'big', flow: 'other', parameterSchema: null, retries: { failures: 0 } })
  expect(backup).toMatchObject({
    flow: 'backup',
    code: { kind: 'command', command: ['sh', '-c', 'pg_dump > x'] },
    variables: { env: { STAGE: 'prod' } },
  })
  expect(train).toMatchObject({
    code: { kind: 'image', image: 'ghcr.io/acme/train:1', command: ['python', 'train.py'] },
    timeoutSeconds: 9,
    weights: { gpu: 2 },
  })
})

test('the same sources give the same bytes, whatever the folder that they are deployed from', async () => {
  project.write('flows/etl.ts', ETL)
  project.write('towline.yaml', 'pool: local\ndeployments: { etl: { flow: "flows/etl.ts#etl" } }\n')
  await towline('deploy')
  await cli.run(['deploy', '-f', join(project.directory, 'towline.yaml')], {
    env: { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test' },
  })
  expect(plane.bundles.size).toBe(1)
})

test('a bundle runs by itself, and names the lines of the sources when it fails', async () => {
  project.write('flows/etl.ts', ETL)
  project.write('towline.yaml', 'pool: local\ndeployments: { etl: { flow: "flows/etl.ts#etl" } }\n')
  await towline('deploy')
  const [bundle] = [...plane.bundles.values()]
  const path = join(cli.home, 'bundle.mjs')
  writeFileSync(path, bundle ?? '')
  const run = (parameters: string) =>
    new Promise<{ code: number | null; out: string }>((done) => {
      const child = spawn(process.execPath, [path], {
        env: { PATH: process.env.PATH, NO_COLOR: '1', TOWLINE_FLOW: 'etl', TOWLINE_PARAMETERS: parameters },
      })
      let out = ''
      child.stdout.on('data', (chunk) => {
        out += String(chunk)
      })
      child.once('close', (code) => done({ code, out }))
    })
  expect(await run('{"n":1}')).toMatchObject({ code: 0, out: expect.stringContaining('✓ etl  Completed') })
  const failed = await run('{"n":-1}')
  expect(failed.code).toBe(1)
  expect(failed.out).toMatch(/Error: below zero\n\s+at run \(flows\/etl\.ts:9:\d+\)/)
})

test('--dry-run stores and registers nothing, and JSON says what would change', async () => {
  project.write('flows/etl.ts', ETL)
  project.write('towline.yaml', 'pool: local\ndeployments: { etl: { flow: "flows/etl.ts#etl" } }\n')
  const { stdout } = await towline('deploy', '--dry-run', '-o', 'json')
  expect(JSON.parse(stdout)).toEqual([
    { name: 'etl', flow: 'etl', pool: 'local', code: 'bundle', version: 1, created: true, changed: true, limit: null },
  ])
  expect(plane.bundles.size).toBe(0)
  expect(plane.inputsOf('deployments.register')).toMatchObject([{ dryRun: true }])
})

test.each([
  [
    'an unknown key',
    'pool: p\ndeployments:\n  etl:\n    flow: flows/etl.ts\n    shedule: daily\n',
    2,
    /towline\.yaml:5: deployments\.etl does not know "shedule"/,
  ],
  ['broken YAML', 'pool: [\n', 2, /towline\.yaml: /],
  ['no pool', 'deployments: { a: { command: "true" } }\n', 2, /deployment "a" names no work pool/],
  ['a bad name', 'pool: p\ndeployments: { "No Spaces": { command: "true" } }\n', 2, /lower-case letters/],
  ['a file that is not there', 'pool: p\ndeployments: { a: { flow: flows/none.ts } }\n', 1, /there is no file .*flows\/none\.ts/],
  [
    'several flows and no name',
    'pool: p\ndeployments: { a: { flow: flows/etl.ts } }\n',
    1,
    /exports several flows\ntry: {3}write one of flows\/etl\.ts#etl, flows\/etl\.ts#other/,
  ],
  [
    'a flow that is not there',
    'pool: p\ndeployments: { a: { flow: "flows/etl.ts#nope" } }\n',
    1,
    /exports no flow "nope"\ntry: {3}flows there: etl, other/,
  ],
  ['a syntax error', 'pool: p\ndeployments: { a: { flow: flows/broken.ts } }\n', 1, /flows\/broken\.ts:1:\d+: /],
  [
    'a missing package',
    'pool: p\ndeployments: { a: { flow: flows/missing.ts } }\n',
    1,
    /Could not resolve "left-pad"\ntry: {3}npm install left-pad/,
  ],
  [
    'code that throws when loaded',
    'pool: p\ndeployments: { a: { flow: flows/throws.ts } }\n',
    1,
    /fails when it is loaded: Error: no DATABASE_URL/,
  ],
  [
    'a limit that is none',
    'pool: p\ndeployments:\n  a:\n    command: "true"\n    limit: 1.5\n',
    2,
    /towline\.yaml:5: deployments\.a\.limit is a whole number of runs; 0 pauses/,
  ],
  [
    'a rate without its time',
    'pool: p\ndeployments:\n  a:\n    command: "true"\n    rate:\n      count: 5\n',
    2,
    /towline\.yaml:6: deployments\.a\.rate\.windowSeconds is missing/,
  ],
  [
    'a collision that nobody knows',
    'pool: p\ndeployments:\n  a:\n    command: "true"\n    limit: 1\n    collision: replace\n',
    2,
    /towline\.yaml:6: deployments\.a\.collision .*enqueue.*cancel-new.*replace-oldest/,
  ],
  ['a manifest that cannot be', 'pool: p\ndeployments: { a: { command: "true", tags: ["a,b"] } }\n', 2, /a tag has no commas/],
])('%s is told in words, and nothing is registered', async (_, yaml, exit, message) => {
  project.write('flows/etl.ts', ETL)
  project.write('flows/broken.ts', 'export const = 1')
  project.write('flows/missing.ts', 'import "left-pad"')
  project.write('flows/throws.ts', 'throw new Error("no DATABASE_URL")')
  project.write('towline.yaml', yaml)
  const { code, stdout, stderr } = await towline('deploy')
  expect({ code, stdout }).toEqual({ code: exit, stdout: '' })
  expect(stderr).toMatch(message)
  expect(manifests()).toEqual([])
})

test('a name that towline.yaml does not have is answered with the nearest', async () => {
  project.write('towline.yaml', 'pool: p\ndeployments: { backup: { command: "true" }, train: { command: "true" } }\n')
  expect(await towline('deploy', 'bakcup')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/has no deployment "bakcup"\ntry: {3}towline deploy backup\n$/),
  })
  await towline('deploy', 'train')
  expect(manifests().map(({ name }) => name)).toEqual(['train'])
})

test('without towline.yaml the remedy is to make one', async () => {
  expect(await towline('deploy')).toMatchObject({ code: 2, stderr: expect.stringMatching(/try: {3}towline init\n$/) })
})

test('a flow file runs here with --local, with the same flags and its outcome as the exit code', async () => {
  project.write('flows/etl.ts', ETL)
  const ok = await towline('run', './flows/etl.ts#etl', '--local', '-p', 'n=41')
  expect(ok).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ etl  Completed') })
  expect((await towline('run', './flows/etl.ts#etl', '--local', '-p', 'n=-1')).code).toBe(1)
  expect(await towline('run', './flows/etl.ts')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('towline run ./flows/etl.ts --local'),
  })
})

test('init makes a project in an empty folder that asks nothing, overwrites nothing and deploys', async () => {
  plane.procedures['pools.list'] = () => [
    { name: 'idle', agentsOnline: 0 },
    { name: 'local', agentsOnline: 1 },
  ]
  project.write('package.json', '{ "name": "mine", "dependencies": { "zod": "4.0.0" } }')
  const { code, stdout } = await towline('init', '--yes', '--no-install')
  expect(code).toBe(0)
  expect(stdout).toContain('+ towline.yaml')
  expect(JSON.parse(readFileSync(join(project.directory, 'package.json'), 'utf8'))).toMatchObject({
    name: 'mine',
    type: 'module',
    dependencies: { zod: '4.0.0', '@towline/sdk': `${plane.url}/dist/towline-sdk.tgz` },
  })
  expect(readFileSync(join(project.directory, 'towline.yaml'), 'utf8')).toContain('pool: local')
  expect(existsSync(join(project.directory, '.towline/towline.schema.json'))).toBe(true)
  expect((await towline('deploy')).code).toBe(0)
  expect(manifests()).toMatchObject([{ name: 'greetings', pool: 'local', code: { kind: 'bundle' } }])
  expect((await towline('init', '--yes', '--no-install')).code).toBe(1)
})

test('the published schema of towline.yaml is the one that deploy checks with', async () => {
  const committed = readFileSync(new URL('../towline.schema.json', import.meta.url), 'utf8')
  expect(JSON.parse((await towline('schema')).stdout)).toEqual(JSON.parse(committed))
})
