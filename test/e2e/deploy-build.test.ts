import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectApi } from '../support/api.ts'
import { buildTestImage, TEST_IMAGE } from '../support/build-test-image.ts'
import { type LocalStack, root, startLocalStack } from '../support/local-stack.ts'
import * as machine from '../support/machine.ts'
import { type Shell, shell } from '../support/shell.ts'
import { towline, withKey } from '../support/towline.ts'

const docker = machine.docker()
if (!docker.run) console.warn(`SKIPPED: images built by towline deploy. ${docker.how}`)

const image = `towline/built-${randomUUID()}:1`
let stack: LocalStack
let agent: Shell
let project: string

describe.runIf(docker.run)('towline deploy --build', () => {
  beforeAll(async () => {
    if (!docker.there) throw new Error(docker.how)
    await buildTestImage()
    stack = await startLocalStack()
    await stack.says(/first run completed/)
    const api = connectApi({ url: stack.url, key: stack.demo().userKey })
    await api.pools.create.mutate({ name: 'containers', type: 'docker' })
    const { secret } = await api.keys.create.mutate({ kind: 'agent', name: 'builds', pool: 'containers' })
    const home = mkdtempSync(join(tmpdir(), 'towline-agent-home-'))
    agent = shell(
      `exec node "${join(root, 'apps/agent/dist/agent.mjs')}" --url http://localhost:${stack.port + 1} --key ${secret} --data-dir "${home}/data"`,
      { home },
    )
    await agent.says(/Connected as/)
    project = mkdtempSync(join(tmpdir(), 'towline-built-'))
    writeFileSync(
      join(project, 'towline.yaml'),
      `pool: containers\ndeployments:\n  made: { image: '${image}', command: [cat, /made], build: { context: . } }\n`,
    )
  })

  afterAll(async () => {
    await agent?.stop()
    await stack?.dispose()
    if (project) rmSync(project, { recursive: true })
    execFileSync('docker', ['rmi', '--force', image], { stdio: 'ignore' })
  })

  test('a run on a docker pool finds what the last build put into the image', async () => {
    const env = withKey(stack.url, stack.demo().userKey)
    for (const mark of ['built once', 'built anew']) {
      writeFileSync(join(project, 'Dockerfile'), `FROM ${TEST_IMAGE}\nRUN echo '${mark}' > /made\n`)
      const deployed = await towline(['deploy', '--build'], { cwd: project, env })
      expect(deployed, deployed.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('image on containers') })
      const ran = await towline(['run', 'made', '--watch'], { cwd: project, env })
      expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining(mark) })
    }
  })
})
