import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@towline/service/until'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts'

const log = { info: () => {}, debug: () => {}, warn: () => {} }

const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return await client.query(sql).then(
    async ({ rows }) => {
      await client.end()
      return rows
    },
    async (error: unknown) => {
      await client.end()
      throw error
    },
  )
}

describe('startEmbedded', { timeout: 60_000 }, () => {
  let dataDir: string
  const running: Embedded[] = []
  const children: ChildProcess[] = []
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'towline-embedded-'))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await Promise.all(running.splice(0).map((embedded) => embedded.stop()))
    await rm(dataDir, { recursive: true, force: true })
  })
  const start = async (options: Partial<EmbeddedOptions> = {}): Promise<Embedded> => {
    const embedded = await startEmbedded({ dataDir, profile: 'fast', maxConnections: 20, log, ...options })
    running.push(embedded)
    return embedded
  }

  it('keeps data, address and password between starts, behind a password', async () => {
    const first = await start({ profile: 'durable' })
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    expect(await query(first.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }])
    await first.stop()
    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    const wrong = Object.assign(new URL(second.url), { password: 'guess' }).toString()
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed')
  })

  it('tells that postgres was killed, and restarts it at the same address with all committed data', async () => {
    const embedded = await start({ profile: 'durable' })
    await query(embedded.url, 'CREATE TABLE kept AS SELECT 1 AS one')
    const exit = new Promise((resolve) => embedded.onExit(resolve))
    const before = embedded.pid()
    process.kill(before, 'SIGKILL')
    expect(await exit).toMatchObject({ signal: 'SIGKILL' })
    await embedded.restart()
    expect(embedded.pid()).not.toBe(before)
    expect(await query(embedded.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
  })

  it('takes over the server of a process that was killed', async () => {
    const script = `
      const { startEmbedded } = await import(process.argv[1])
      const log = { info() {}, debug() {}, warn() {} }
      const { url, pid } = await startEmbedded({ dataDir: process.argv[2], profile: 'fast', maxConnections: 20, log })
      process.stdout.write(JSON.stringify({ url, pid: pid() }))
      setInterval(() => {}, 1000)`
    const { build } = await import('esbuild')
    const here = new URL('.', import.meta.url).pathname
    const outfile = join(here, '..', 'dist', `embedded-${process.pid}.mjs`)
    try {
      await build({
        entryPoints: [join(here, 'embedded.ts')],
        bundle: true,
        platform: 'node',
        format: 'esm',
        packages: 'external',
        outfile,
        logLevel: 'error',
      })
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, outfile, dataDir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      children.push(child)
      const [text] = (await once(child.stdout, 'data')) as [Buffer]
      const left = JSON.parse(text.toString()) as { url: string; pid: number }
      await query(left.url, 'CREATE TABLE kept AS SELECT 1 AS one')
      await expect(start(), 'while its owner lives').rejects.toThrow(`in use by another running Towline (process ${child.pid})`)
      child.kill('SIGKILL')
      await once(child, 'exit')
      const embedded = await start()
      expect(embedded.pid()).not.toBe(left.pid)
      expect(await query(embedded.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
    } finally {
      await rm(outfile, { force: true })
    }
  })

  it.runIf(process.getuid?.() === 0)('keeps the data of root elsewhere when the folder is closed to other users', async () => {
    await chmod(dataDir, 0o700)
    const closed = join(dataDir, 'database')
    const first = await start({ dataDir: closed })
    expect(first.dataDir).not.toBe(closed)
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS one')
    await first.stop()
    const second = await start({ dataDir: closed })
    expect(await query(second.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
    await second.stop()
    await rm(first.dataDir, { recursive: true })
  })

  it('ignores a lock file whose process id now belongs to somebody else', async () => {
    await (await start()).stop()
    const stranger = spawn('sleep', ['60'])
    children.push(stranger)
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), `${stranger.pid}\n${dataDir}/postgres\n`)
    expect(await query((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(stranger.exitCode).toBeNull()
  })

  it('moves to another port when that of the last start is taken, but not when a port was given', async () => {
    const first = await start()
    await first.stop()
    const squatter = createServer().listen(first.port, '127.0.0.1')
    await once(squatter, 'listening')
    await expect(start({ port: first.port })).rejects.toThrow(`Port ${first.port} for the embedded PostgreSQL is taken`)
    expect((await start()).port).not.toBe(first.port)
    squatter.close()
  })

  it('says in one line what is wrong with a folder, and leaves it as it is', async () => {
    await mkdir(join(dataDir, 'postgres'))
    await writeFile(join(dataDir, 'postgres', 'notes.txt'), 'mine')
    await expect(start()).rejects.toThrow('is not a PostgreSQL data folder (no PG_VERSION)')
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '15\n')
    await expect(start()).rejects.toThrow('was made by PostgreSQL 15, this Towline has 18')
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n')
    await expect(start()).rejects.toThrow(/password is missing/)
    expect(await readFile(join(dataDir, 'postgres', 'notes.txt'), 'utf8')).toBe('mine')
    await rm(join(dataDir, 'postgres'), { recursive: true })
    await writeFile(join(dataDir, 'thesis.doc'), 'mine')
    await expect(start()).rejects.toThrow('is not a data folder of Towline: it holds thesis.doc')
    await expect(start({ dataDir: join(dataDir, 'thesis.doc') })).rejects.toThrow('cannot be used')
  })

  it('says what PostgreSQL said when its data are damaged', async () => {
    await (await start()).stop()
    await rm(join(dataDir, 'postgres', 'global'), { recursive: true })
    await expect(start()).rejects.toThrow(/did not start: .*(global|pg_control)/)
  })

  it('does not report an end that was asked for', async () => {
    const embedded = await start()
    let reported = false
    embedded.onExit(() => {
      reported = true
    })
    await embedded.stop()
    await until(() => embedded.stop().then(() => true))
    expect(reported).toBe(false)
  })
})
