import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBus } from '@towline/db/bus'
import { createTestDatabase } from '@towline/db/test-database'
import type { EngineContext } from '@towline/engine/context'
import { createUser } from '@towline/engine/people/create-user'
import { systemClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import { until } from '@towline/service/until'
import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authDoor } from '../src/auth/auth-door.ts'
import { startWeb, type Web } from './start-web.ts'
import { readWebEnv } from './web-env.ts'

const secret = 'a secret of more than thirty-two characters'
/** Stands in for the agent: says how it was started, so that the installer is tested and not the agent. */
const fakeAgent = `
const { readFileSync, statSync, writeFileSync } = await import('node:fs')
const flag = (name) => process.argv[process.argv.indexOf(name) + 1]
const file = flag('--key-file')
const seen = { args: process.argv.slice(2), key: readFileSync(file, 'utf8').trim(), mode: (statSync(file).mode & 0o777).toString(8), env: process.env.TOWLINE_AGENT_KEY ?? null }
writeFileSync(flag('--data-dir') + '/seen.json', JSON.stringify(seen))
console.log('agent started')
`

let root: string
let engine: EngineContext
let web: Web
let url: string
let drop: () => Promise<void>
let userId: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'towline-web-'))
  await mkdir(join(root, 'apps/agent/dist'), { recursive: true })
  await writeFile(join(root, 'apps/agent/dist/agent.mjs'), fakeAgent)
  const database = await createTestDatabase()
  drop = database.drop
  const bus = createBus(database.db)
  engine = { db: database.db, bus, clock: systemClock, log: createLogger('test', { level: 'silent' }) }
  const env = readWebEnv({
    TOWLINE_DATABASE_URL: database.url,
    TOWLINE_SECRET: secret,
    TOWLINE_WEB_PORT: '0',
    TOWLINE_GATEWAY_URL: 'http://gateway.test:7601',
  })
  // The port is known only once it listens, and the installer must know its address: a second server carries it.
  const probe = await startWeb({ engine, env, root, createPages })
  await probe.stop()
  url = `http://127.0.0.1:${probe.port}`
  web = await startWeb({ engine, env: { ...env, port: probe.port, publicUrl: url }, root, createPages })
  await web.pagesReady
  userId = (await createUser(engine, { email: 'ada@towline.test', password: 'correct horse', name: 'Ada' })).id
})
afterAll(async () => {
  await web.stop()
  await engine.bus.close()
  await drop()
  await rm(root, { recursive: true })
})

const createPages: Parameters<typeof startWeb>[0]['createPages'] = async () => async (request, response) => {
  response.end(`page for ${request.headers['x-forwarded-for']}`)
}
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers })

describe('the web server', () => {
  it('answers health from the database, and hands other paths to the pages with the true address of the client', async () => {
    expect([(await get('/healthz')).status, await (await get('/healthz')).text()]).toEqual([200, 'ok\n'])
    expect(await (await get('/runs', { 'x-forwarded-for': '6.6.6.6' })).text()).toMatch(/^page for (::ffff:)?127\.0\.0\.1$/)
  })

  it('takes the session that next-auth sealed with our secret, whole or in parts, and no other', async () => {
    const token = await encode({ token: { sub: userId }, secret })
    const whoami = async (cookie: string) => (await get('/api/trpc/auth.whoami', { cookie })).status
    expect(await whoami(`a=b; next-auth.session-token=${token}`)).toBe(200)
    expect(await whoami(`__Secure-next-auth.session-token=${token}`)).toBe(200)
    expect(await whoami(`next-auth.session-token.0=${token.slice(0, 50)}; next-auth.session-token.1=${token.slice(50)}`)).toBe(200)
    expect(
      await whoami(`next-auth.session-token=${await encode({ token: { sub: userId }, secret: 'another secret of the same sort.' })}`),
    ).toBe(401)
    expect(await whoami(`next-auth.session-token=${await encode({ token: { sub: userId }, secret, maxAge: -3600 })}`)).toBe(401)
    expect(await whoami('next-auth.session-token=rubbish')).toBe(401)
  })

  it('serves what people install with its SHA-256 as ETag, and a checksum file', async () => {
    const sha256 = createHash('sha256').update(fakeAgent).digest('hex')
    const first = await get('/dist/agent.mjs')
    expect([first.status, first.headers.get('etag'), await first.text()]).toEqual([200, `"${sha256}"`, fakeAgent])
    expect((await get('/dist/agent.mjs', { 'if-none-match': `"${sha256}"` })).status).toBe(304)
    expect(await (await get('/dist/agent.mjs.sha256')).text()).toBe(`${sha256}  agent.mjs\n`)
    expect((await get('/dist/towline.tgz')).status).toBe(404)
    expect(await (await get('/dist/towline.tgz')).text()).toContain('npm run build')
    for (const path of ['/dist/..%2f..%2fpackage.json', '/dist/constructor', '/dist/nope']) expect((await get(path)).status).toBe(404)
  })
})

describe('sign-in through the door', () => {
  it('takes the right password only, and slows guessing for one address and account', async () => {
    const tryPassword = (password: string, address: string, email = 'Ada@towline.test ') =>
      authDoor().verifyPassword({ email, password, address })
    expect(await tryPassword('correct horse', '1.1.1.1')).toEqual({ id: userId, email: 'ada@towline.test', name: 'Ada' })
    expect(await tryPassword('wrong horse!', '1.1.1.1')).toBeNull()
    expect(await tryPassword('correct horse', '1.1.1.1', 'nobody@towline.test')).toBeNull()
    for (let guess = 0; guess < 8; guess++) await tryPassword(`guess ${guess}`, '1.1.1.1')
    await expect(tryPassword('correct horse', '1.1.1.1')).rejects.toMatchObject({ code: 'rate_limited' })
    expect(await tryPassword('correct horse', '2.2.2.2')).not.toBeNull()
  })

  it('links an account of a provider to the same address only when the provider has checked it', async () => {
    const profile = { provider: 'github', providerAccountId: '1', email: 'ADA@towline.test', name: 'Ada L', image: null }
    expect(await authDoor().signInWithProvider({ ...profile, emailVerified: false })).toBeNull()
    expect(await authDoor().signInWithProvider({ ...profile, emailVerified: true })).toMatchObject({ id: userId })
    expect(await authDoor().signInWithProvider({ ...profile, email: 'changed@towline.test', emailVerified: false })).toMatchObject({
      id: userId,
    })
    const fresh = { ...profile, providerAccountId: '2', email: 'grace@towline.test', name: 'Grace', emailVerified: true }
    const both = await Promise.all([authDoor().signInWithProvider(fresh), authDoor().signInWithProvider(fresh)])
    expect(both[0]?.id).toBe(both[1]?.id)
  })
})

describe('install.sh', () => {
  const run = async (args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; out: string; home: string }> => {
    const home = await mkdtemp(join(root, 'home-'))
    const script = await (await get('/install.sh')).text()
    const child = spawn('/bin/sh', ['-s', '--', ...args], { env: { NODE_ENV: 'test', PATH: process.env.PATH ?? '', HOME: home, ...env } })
    let out = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stdin.end(script)
    return { code: await new Promise((resolve) => child.on('close', resolve)), out, home }
  }
  const key = `tla_${'k'.repeat(43)}`
  const seen = async (dir: string) => JSON.parse(await readFile(join(dir, 'data/seen.json'), 'utf8'))

  it('downloads, checks and starts the agent, whose key nobody else can read', async () => {
    const { code, out, home } = await run(['--key', key, '--name', 'rack 1', '--capacity', '4'])
    expect([code, out]).toEqual([0, expect.stringContaining('agent started')])
    const dir = join(home, '.towline/agent')
    expect(await seen(dir)).toEqual({
      args: [
        '--url',
        'http://gateway.test:7601',
        '--key-file',
        join(dir, 'key'),
        '--data-dir',
        join(dir, 'data'),
        '--name',
        'rack 1',
        '--capacity',
        '4',
      ],
      key,
      mode: '600',
      env: null,
    })
    expect(await readFile(join(dir, 'agent.mjs'), 'utf8')).toBe(fakeAgent)
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
  })

  it('takes the key from the environment and starts in the background when asked', async () => {
    const dir = join(root, 'a folder')
    const { code, out } = await run(['--background', '--dir', dir], { TOWLINE_AGENT_KEY: key })
    expect([code, out]).toEqual([0, expect.stringContaining('in the background')])
    const started = await until(() => seen(dir))
    expect(started).toMatchObject({ key, env: null })
    expect(await until(() => readFile(join(dir, 'agent.log'), 'utf8').then((text) => text !== '' && text))).toContain('agent started')
  })

  it('prints a systemd unit and starts nothing with --service', async () => {
    const { code, out, home } = await run(['--key', key, '--service'])
    expect(code).toBe(0)
    expect(out).toContain('[Service]')
    expect(out).toContain(`--key-file "${home}/.towline/agent/key"`)
    await expect(stat(join(home, '.towline/agent/data/seen.json'))).rejects.toThrow('ENOENT')
  })

  it('says what is wrong in one line', async () => {
    expect(await run([])).toMatchObject({ code: 1, out: expect.stringContaining('--key is missing') })
    expect(await run(['--key', 'tlk_x'])).toMatchObject({ code: 1, out: expect.stringContaining('user key') })
    expect(await run(['--key'])).toMatchObject({ code: 1, out: expect.stringContaining('--key needs a value') })
    expect(await run(['--key', key, '--nmae', 'x'])).toMatchObject({ code: 1, out: expect.stringContaining('unknown option --nmae') })
  })

  it('refuses an old or missing Node before it changes anything', async () => {
    const bin = await mkdtemp(join(root, 'bin-'))
    await writeFile(join(bin, 'node'), '#!/bin/sh\nif [ "$1" = --version ]; then echo v18.0.0; exit 0; fi\nexit 1\n')
    await chmod(join(bin, 'node'), 0o755)
    const old = await run(['--key', key], { PATH: `${bin}:${process.env.PATH}` })
    expect(old).toMatchObject({ code: 1, out: expect.stringContaining('Node.js 20.19 or newer is needed') })
    expect(old.out).toContain('v18.0.0')
    await expect(stat(join(old.home, '.towline'))).rejects.toThrow('ENOENT')
    expect((await run(['--key', key], { PATH: '/nowhere' })).out).toContain('there is no node command')
  })

  it('keeps the agent that is there when a download is not what was announced', async () => {
    const bin = await mkdtemp(join(root, 'bin-'))
    const curl = `#!/bin/sh\nfor last; do :; done\ncase "$last" in *.sha256) target="$5"; echo "0000  agent.mjs" >"$target";; *) echo broken >"$5";; esac\n`
    await writeFile(join(bin, 'curl'), curl)
    await chmod(join(bin, 'curl'), 0o755)
    const { code, out, home } = await run(['--key', key], { PATH: `${bin}:${process.env.PATH}` })
    expect([code, out]).toEqual([1, expect.stringContaining('does not match its checksum')])
    await expect(stat(join(home, '.towline/agent/agent.mjs'))).rejects.toThrow('ENOENT')
  })
})
