import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))
const outfile = join(here, '..', 'dist', `process-${process.pid}.mjs`)

/** onStop and the logger belong to a whole process, so they are watched in one. */
describe('a process', () => {
  const children: ChildProcess[] = []
  beforeAll(async () => {
    const contents = "export { onStop } from './stop.ts'; export { createLogger } from './logger.ts'"
    await build({
      stdin: { contents, resolveDir: here },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile,
      logLevel: 'error',
    })
  })
  afterAll(() => rm(outfile, { force: true }))
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  const run = (body: string, env: Record<string, string> = {}) => {
    const code = `import { onStop, createLogger } from ${JSON.stringify(outfile)}; const log = createLogger('test'); ${body}`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { env: { ...process.env, ...env }, cwd: here })
    children.push(child)
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    const ready = once(child.stdout, 'data')
    const ended = once(child, 'close').then(([exitCode]) => ({ exitCode, out, err }))
    return { child, ready, ended }
  }
  const waiting = "setInterval(() => {}, 1000); process.stdout.write('ready ')"

  it('stops in order on SIGTERM and ends with 0', async () => {
    const { child, ready, ended } = run(`onStop(async (reason) => { process.stdout.write('stopped by ' + reason) }, { log }); ${waiting}`)
    await ready
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0, out: 'ready stopped by SIGTERM' })
  })

  it('takes the same wish twice in a moment for one, and a second one later for "at once"', async () => {
    const { child, ready, ended } = run(
      `onStop((reason) => { process.stdout.write(reason); return new Promise(() => {}) }, { log, force: () => process.stdout.write(' forced') }); ${waiting}`,
    )
    await ready
    const told = once(child.stdout, 'data')
    child.kill('SIGINT')
    await told
    child.kill('SIGINT')
    const repeat = setInterval(() => child.kill('SIGTERM'), 400)
    const result = await ended
    clearInterval(repeat)
    expect(result).toMatchObject({ exitCode: 130, out: 'ready SIGINT forced' })
  })

  it('ends with 1 when stopping fails or takes too long', async () => {
    const failing = run(`onStop(() => Promise.reject(new Error('stuck')), { log }); ${waiting}`)
    const slow = run(`onStop(() => new Promise(() => {}), { log, timeoutMs: 20 }); ${waiting}`)
    await Promise.all([failing.ready, slow.ready])
    failing.child.kill('SIGTERM')
    slow.child.kill('SIGTERM')
    expect(await failing.ended).toMatchObject({ exitCode: 1, err: expect.stringContaining('stuck') })
    expect(await slow.ended).toMatchObject({ exitCode: 1, err: expect.stringContaining('too long') })
  })

  it('logs JSON lines to stderr, without secrets, at the level that was asked for', async () => {
    const { ended } = run(
      "log.debug('no'); log.warn({ token: 'hush', request: { authorization: 'hush' }, runId: 'r1' }, 'yes'); createLogger('b', { level: 'nonsense' }).info('still')",
      { TOWLINE_LOG_LEVEL: 'warn' },
    )
    const { out, err } = await ended
    expect(out).toBe('')
    expect(err).not.toContain('hush')
    const lines = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines).toMatchObject([
      { level: 40, name: 'test', msg: 'yes', runId: 'r1', token: '[redacted]' },
      { name: 'b', msg: 'still' },
    ])
  })
})
