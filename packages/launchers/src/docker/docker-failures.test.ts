import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Code, JobVariables } from '@towline/contract/run-spec'
import { createLogger } from '@towline/service/logger'
import { until } from '@towline/service/until'
import Docker from 'dockerode'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildTestImage, missingEngine, TEST_IMAGE } from '../../../../test/support/build-test-image.ts'
import type { RunningJob } from '../launcher.ts'
import { failureOf } from '../testing/conformance.ts'
import { EngineDoor } from '../testing/test-engine.ts'
import { lineThat, newAgentId, noAbort, node, noEvents, readLogs, sh, testJob, texts } from '../testing/test-jobs.ts'
import { startTestRegistry } from '../testing/test-registry.ts'
import { DockerLauncher } from './docker-launcher.ts'

const missing = missingEngine()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const agentId = newAgentId()
const scratch = await mkdtemp(join(tmpdir(), 'towline-docker-'))
// Readable for other users, in containers too.
await chmod(scratch, 0o755)
const log = createLogger('test', { level: 'silent' })
const open = (owner = agentId) => new DockerLauncher({ agentId: owner, dataDir: scratch, log })
const engine = new Docker()

const launch = (code: Code, variables: JobVariables = {}): Promise<RunningJob> =>
  open().launch(testJob({ agentId, code, variables: { image: TEST_IMAGE, ...variables } }), noEvents, noAbort())
const failing = (code: Code, variables: JobVariables = {}) => failureOf(launch(code, variables))
const containerOf = (job: RunningJob) => engine.getContainer(String(job.infrastructure.container))

describe.skipIf(missing !== null)(missing === null ? 'docker launcher' : `SKIPPED: ${missing}`, () => {
  beforeAll(async () => {
    await buildTestImage()
  })
  afterEach(async () => {
    for (const job of await open().list()) await job.remove()
  })
  afterAll(() => rm(scratch, { recursive: true, force: true }))

  describe('says why a container does not start, in its words and the engine’s', () => {
    afterEach(async () => {
      expect(await open().list()).toEqual([])
    })

    it('ImagePull: the registry cannot be reached', async () => {
      const failure = await failing({ kind: 'image', image: '127.0.0.1:9/no/such:1', command: [] })
      expect(failure).toMatchObject({
        reason: 'ImagePull',
        message: expect.stringContaining('127.0.0.1:9/no/such:1'),
        evidence: expect.stringContaining('refused'),
      })
    })

    it('ImagePull: not on the machine and the policy is never', async () => {
      expect(await failing(sh('true'), { image: 'towline/absent:1', imagePullPolicy: 'never' })).toMatchObject({
        reason: 'ImagePull',
        message: expect.stringContaining('imagePullPolicy'),
        evidence: expect.stringMatching(/no such image/i),
      })
    })

    it('ConfigInvalid: the name of the image', async () => {
      expect(await failing(sh('true'), { image: 'Not An Image!' })).toMatchObject({
        reason: 'ConfigInvalid',
        message: expect.stringContaining('Not An Image!'),
      })
    })

    it('CommandNotFound: a bundle in an image without Node', async () => {
      const image = 'towline/test-empty:1'
      await engine.createContainer({ Image: TEST_IMAGE, Entrypoint: ['true'], name: 'towline-test-empty' }).then(async (container) => {
        await container.commit({ repo: 'towline/test-empty', tag: '1', changes: 'ENV PATH=/nowhere' })
        await container.remove()
      })
      const bundlePath = join(scratch, 'bundle.mjs')
      await writeFile(bundlePath, '')
      const job = testJob({
        agentId,
        code: { kind: 'bundle', sha256: '0'.repeat(64), sizeBytes: 1, flow: 'f' },
        bundlePath,
        variables: { image },
      })
      expect(await failureOf(open().launch(job, noEvents, noAbort()))).toMatchObject({
        reason: 'CommandNotFound',
        message: expect.stringContaining('node'),
      })
      await engine.getImage(image).remove()
    })

    it('ConfigInvalid: volumes, network, user, cpus', async () => {
      expect((await failing(sh('true'), { volumes: ['relative:also-relative'] })).reason).toBe('ConfigInvalid')
      expect((await failing(sh('true'), { volumes: ['/tmp:/data:nonsense'] })).reason).toBe('ConfigInvalid')
      expect(await failing(sh('true'), { network: 'no-such-network' })).toMatchObject({
        reason: 'ConfigInvalid',
        message: expect.stringContaining('no-such-network'),
      })
      expect(await failing(sh('true'), { user: 'nobody-of-that-name' })).toMatchObject({
        reason: 'ConfigInvalid',
        message: expect.stringContaining('nobody-of-that-name'),
      })
      expect((await failing(sh('true'), { cpus: 10_000 })).reason).toBe('ConfigInvalid')
    })

    it('EngineAway: where it looked, and the remedy', async () => {
      const before = process.env.DOCKER_HOST
      process.env.DOCKER_HOST = `unix://${scratch}/nobody.sock`
      const away = open()
      expect(await away.check()).toMatchObject({ ok: false, reason: expect.stringMatching(/nobody\.sock.*Start Docker/) })
      const failure = await failureOf(away.launch(testJob({ agentId, code: sh('true') }), noEvents, noAbort()))
      expect(failure).toMatchObject({ reason: 'EngineAway', message: expect.stringContaining('nobody.sock') })
      restore(before)
    })
  })

  describe('pulling', () => {
    const images: string[] = []
    afterEach(async () => {
      for (const image of images.splice(0))
        await engine
          .getImage(image)
          .remove()
          .catch(() => undefined)
    })
    const launchFrom = (image: string, notes: string[] = [], startTimeoutSeconds = 60, signal = noAbort()) => {
      images.push(image)
      return open().launch(
        testJob({ agentId, code: { kind: 'image', image, command: [] }, startTimeoutSeconds }),
        { onLaunching: (note) => notes.push(note) },
        signal,
      )
    }

    it('pulls an image that is missing, and says how far it is', async () => {
      const registry = await startTestRegistry({ msPerChunk: 60 })
      const notes: string[] = []
      // Its program does not exist: that it is looked for shows that the image came.
      expect((await failureOf(launchFrom(registry.image, notes))).message).not.toContain('pull')
      expect(notes[0]).toBe(`Pulling ${registry.image}`)
      expect(notes.length).toBeGreaterThan(1)
      await registry.stop()
    })

    it('says ImagePull for a tag that does not exist, with the words of the registry', async () => {
      const registry = await startTestRegistry()
      expect(await failureOf(launchFrom(`${registry.address}/test/image:2`))).toMatchObject({
        reason: 'ImagePull',
        evidence: expect.stringContaining('manifest unknown'),
      })
      await registry.stop()
    })

    it('signs in with what docker login left, and says so when there is nothing', async () => {
      const registry = await startTestRegistry({ password: 'sesame' })
      expect(await failureOf(launchFrom(registry.image))).toMatchObject({
        reason: 'ImagePull',
        message: expect.stringContaining('docker login'),
      })
      const config = join(scratch, 'docker-config')
      await mkdir(config)
      await writeFile(
        join(config, 'config.json'),
        JSON.stringify({ auths: { [registry.address]: { auth: Buffer.from('user:sesame').toString('base64') } } }),
      )
      process.env.DOCKER_CONFIG = config
      expect((await failureOf(launchFrom(registry.image))).reason).not.toBe('ImagePull')
      delete process.env.DOCKER_CONFIG
      await registry.stop()
    })

    it('says StartTimeout, and what it was doing', async () => {
      const registry = await startTestRegistry({ msPerChunk: 500 })
      expect(await failureOf(launchFrom(registry.image, [], 1))).toMatchObject({
        reason: 'StartTimeout',
        evidence: expect.stringContaining('Pulling'),
      })
      expect(await open().list()).toEqual([])
      await registry.stop()
    })

    it('can be called off', async () => {
      const registry = await startTestRegistry({ msPerChunk: 500 })
      const calledOff = new AbortController()
      const launching = launchFrom(registry.image, [], 60, calledOff.signal)
      calledOff.abort(new Error('cancelled by a person'))
      await expect(launching).rejects.toThrow('cancelled by a person')
      expect(await open().list()).toEqual([])
      await registry.stop()
    })
  })

  describe('what a container is given', () => {
    it('runs with bounded memory, and says OutOfMemory when it takes more', async () => {
      const job = await launch(node('const all = []; for (;;) all.push(Buffer.alloc(10e6, 1))'), { memoryMb: 64 })
      expect(await job.exited).toMatchObject({ exitCode: null, signal: 'SIGKILL', outOfMemory: true })
    })

    it('runs as the user, in the volumes and with the hosts that were asked for', async () => {
      const script = 'id -u; cat /data/file; cat /etc/hosts; touch /data/mine 2>&1 || true'
      await writeFile(join(scratch, 'file'), 'from outside\n')
      const job = await launch(sh(script), {
        user: 'node',
        volumes: [`${scratch}:/data:ro`],
        extraHosts: ['db.internal:10.9.8.7'],
        cpus: 0.5,
      })
      const lines = texts((await readLogs(job)).stdout)
      expect(lines.slice(0, 2)).toEqual(['1000', 'from outside'])
      expect(lines.join('\n')).toMatch(/10\.9\.8\.7\s+db\.internal/)
      expect(lines.join('\n')).toContain('host.docker.internal')
      expect(lines.at(-1)).toMatch(/read-only/i)
    })
  })

  describe('containers that others touch', () => {
    it('is gone when it was removed by hand', async () => {
      const job = await launch(sh('while :; do sleep 0.05; done'))
      await containerOf(job).remove({ force: true })
      expect(await job.exited).toMatchObject({ signal: expect.toSatisfy((signal) => signal === null || signal === 'SIGKILL') })
      await job.remove()
    })

    it('does not adopt a container of another agent', async () => {
      const task = testJob({ agentId: 'somebody-else', code: sh('true'), variables: { image: TEST_IMAGE } })
      await open('somebody-else').launch(task, noEvents, noAbort())
      expect(await failureOf(open().launch({ ...task, agentId }, noEvents, noAbort()))).toMatchObject({
        message: expect.stringContaining('another agent'),
      })
      for (const job of await open('somebody-else').list()) await job.remove()
    })

    it('starts anew a container that was created and never started', async () => {
      const task = testJob({ agentId, code: sh('echo ran'), variables: { image: TEST_IMAGE } })
      await engine.createContainer({
        name: `towline-${task.spec.runId}-1`,
        Image: TEST_IMAGE,
        Labels: { 'towline.agent': agentId, 'towline.run': task.spec.runId, 'towline.attempt': '1' },
      })
      const [unstarted] = await open().list()
      expect(await unstarted?.exited).toMatchObject({ exitCode: null, signal: null })
      expect(texts((await readLogs(await open().launch(task, noEvents, noAbort()))).stdout)).toEqual(['ran'])
    })

    it('removes anonymous volumes with it', async () => {
      const job = await launch(sh('true'), { volumes: ['/scratch-volume'] })
      const { Mounts } = await containerOf(job).inspect()
      const name = Mounts[0]?.Name ?? ''
      await job.remove()
      await expect(engine.getVolume(name).inspect()).rejects.toThrow(/no such volume/i)
    })
  })

  describe('an engine that goes away and comes back', () => {
    it('loses no line and no exit code, and stops when it is back', async () => {
      const before = process.env.DOCKER_HOST
      const door = new EngineDoor(join(scratch, 'engine.sock'))
      await door.open()
      process.env.DOCKER_HOST = door.address
      const through = open()
      const job = await through.launch(
        testJob({
          agentId,
          code: sh('for i in $(seq 1 100); do echo "line $i"; sleep 0.02; done; exit 3'),
          variables: { image: TEST_IMAGE },
        }),
        noEvents,
        noAbort(),
      )
      restore(before)
      const reading = readLogs(job)
      await lineThat(job, (text) => text === 'line 20')
      await door.shut()
      await until(async () => !(await containerOf(job).inspect()).State.Running, {
        intervalMs: 50,
        what: 'the end of the container',
      })
      await door.open()
      expect(texts((await reading).stdout)).toEqual(Array.from({ length: 100 }, (_, index) => `line ${index + 1}`))
      expect(await job.exited).toMatchObject({ exitCode: 3 })

      const endless = await through.launch(
        testJob({ agentId, code: sh('while :; do sleep 0.05; done'), variables: { image: TEST_IMAGE } }),
        noEvents,
        noAbort(),
      )
      await door.shut()
      const stopping = endless.stop({ graceSeconds: 5 })
      await door.open()
      await stopping
      expect(await endless.exited).toMatchObject({ signal: 'SIGTERM' })
      await Promise.all([job.remove(), endless.remove()])
      await door.shut()
    })
  })
})

const restore = (host: string | undefined): void => {
  if (host === undefined) delete process.env.DOCKER_HOST
  else process.env.DOCKER_HOST = host
}
