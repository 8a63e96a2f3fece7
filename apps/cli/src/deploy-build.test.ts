import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Manifest } from '@towline/contract/manifest'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildTestImage, missingEngine, TEST_IMAGE } from '../../../test/support/build-test-image.ts'
import { FakeControlPlane } from './testing/fake-control-plane.ts'
import { createFlowProject, type FlowProject } from './testing/flow-project.ts'
import { buildCli, type Cli, type Ended } from './testing/run-cli.ts'

const missing = missingEngine()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

let cli: Cli
let plane: FakeControlPlane
let project: FlowProject
let image: string

beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())
beforeEach(async () => {
  image = `towline/built-${randomUUID()}:1`
  plane = await new FakeControlPlane().start()
  project = await createFlowProject()
  plane.procedures['deployments.register'] = () => ({ deployment: {}, version: 1, created: true, changed: true, limit: null })
  project.write(
    'towline.yaml',
    `pool: p\ndeployments:\n  first: { command: 'true' }\n  made: { image: '${image}', build: { context: app } }\n`,
  )
})
afterEach(async () => {
  await plane.close()
  project.remove()
})

const deploy = (env: Record<string, string> = {}): Promise<Ended> =>
  cli.run(['deploy', '--build'], { cwd: project.directory, env: { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test', ...env } })
const registered = (): string[] =>
  (plane.inputsOf('deployments.register') as { manifest: Manifest; dryRun?: boolean }[])
    .filter(({ dryRun }) => !dryRun)
    .map(({ manifest }) => manifest.name)

/** The last two lines are the answer; what the build itself says comes before. */
const answer = ({ code, stdout, stderr }: Ended) => ({
  code,
  stdout,
  answer: stderr.trimEnd().split('\n').slice(-2),
  registered: registered(),
})
const refused = (...lines: string[]) => ({ code: 1, stdout: '', answer: lines, registered: [] })

test('a folder or a Dockerfile that is not there is said before anything is built or registered', async () => {
  const context = join(project.directory, 'app')
  expect(answer(await deploy())).toEqual(
    refused(
      `error: deployment "made" builds ${context}, and there is no such folder`,
      'try:   write the folder to build as build: { context: … } under made in towline.yaml',
    ),
  )
  project.write('app/flow.js', '')
  expect(answer(await deploy())).toEqual(
    refused(
      `error: deployment "made" builds with ${join(context, 'Dockerfile')}, and there is no such file`,
      'try:   write it, or name another as build: { dockerfile: … } under made in towline.yaml',
    ),
  )
})

test('--build where no image says how is not taken for a build', async () => {
  project.write('towline.yaml', "pool: p\ndeployments:\n  made: { image: 'acme/made:1' }\n")
  expect(answer(await deploy())).toEqual(
    refused(
      'error: deployment "made" does not say how to build acme/made:1',
      'try:   write build: { context: . } under made in towline.yaml',
    ),
  )
})

test('one tag that two deployments build from different folders is refused', async () => {
  for (const name of ['a', 'b']) project.write(`${name}/Dockerfile`, 'FROM scratch\n')
  const made = (name: string) => `  ${name}: { image: '${image}', build: { context: ${name} } }\n`
  project.write('towline.yaml', `pool: p\ndeployments:\n${made('a')}${made('b')}`)
  expect(answer(await deploy())).toMatchObject({ code: 1, answer: [expect.stringContaining('in different ways'), expect.any(String)] })
})

test('without docker on the machine the answer says where it is to be had', async () => {
  project.write('app/Dockerfile', 'FROM scratch\n')
  const empty = mkdtempSync(join(tmpdir(), 'towline-no-docker-'))
  const ended = await deploy({ PATH: empty })
  rmSync(empty, { recursive: true })
  expect(answer(ended)).toEqual(refused('error: docker is not installed here', 'try:   https://docs.docker.com/get-docker'))
})

describe.skipIf(missing !== null)(missing === null ? 'with a Docker engine' : `SKIPPED: ${missing}`, () => {
  beforeAll(async () => {
    await buildTestImage()
  })

  test('an engine that does not answer is one error that names it', async () => {
    project.write('app/Dockerfile', `FROM ${TEST_IMAGE}\n`)
    const host = `unix://${join(project.directory, 'no.sock')}`
    const ended = await deploy({ DOCKER_HOST: host })
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(2)
    expect(answer(ended)).toEqual(
      refused(`error: no Docker engine answers at ${host} (DOCKER_HOST)`, expect.stringMatching(/^try: {3}.+, or unset DOCKER_HOST$/)),
    )
  })

  test('a build that fails registers nothing, not even what stands before it in the file', async () => {
    project.write('app/Dockerfile', `FROM ${TEST_IMAGE}\nCOPY absent /\n`)
    expect(answer(await deploy())).toEqual(
      refused(
        expect.stringMatching(/^error: towline\/built-\S+ was not built \(docker build ended with \d+\), and nothing was registered$/),
        `try:   put right in ${join(project.directory, 'app/Dockerfile')} what the lines above name, then towline deploy --build`,
      ),
    )
  })

  test('a push that fails registers nothing and says how to sign in to that registry', async () => {
    image = `127.0.0.1:9/built-${randomUUID()}:1`
    project.write('app/Dockerfile', `FROM ${TEST_IMAGE}\n`)
    project.write('towline.yaml', `pool: p\ndeployments:\n  made: { image: '${image}', build: { context: app, push: true } }\n`)
    const ended = await deploy()
    execFileSync('docker', ['rmi', image], { stdio: 'ignore' })
    expect(answer(ended)).toEqual(refused(expect.stringContaining('was built but not pushed'), 'try:   docker login 127.0.0.1:9'))
  })

  test('the image is on the engine when its deployment is registered, and only results are on stdout', async () => {
    project.write('app/Dockerfile', `FROM ${TEST_IMAGE}\nENV MARK=made-here\n`)
    const ended = await deploy()
    const env = execFileSync('docker', ['image', 'inspect', '--format', '{{json .Config.Env}}', image], { encoding: 'utf8' })
    execFileSync('docker', ['rmi', image], { stdio: 'ignore' })
    expect(env).toContain('MARK=made-here')
    expect({ code: ended.code, lines: ended.stdout.trimEnd().split('\n'), registered: registered() }).toEqual({
      code: 0,
      lines: ['+ first  new, version 1  command on p', '+ made  new, version 1  image on p'],
      registered: ['first', 'made'],
    })
  })
})
