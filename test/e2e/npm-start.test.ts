import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@towline/service/until'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectApi } from '../support/api.ts'
import { freePorts } from '../support/free-ports.ts'
import { startLocalStack } from '../support/local-stack.ts'

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const CHILDREN = ['agent', 'gateway', 'scheduler', 'web']

describe('npm start', () => {
  test('reaches a completed first run and a dashboard, keeps its data for the second time', async () => {
    const first = await startLocalStack()
    onTestFinished(() => first.dispose())
    await first.says(/first run completed/)
    await first.says(/Towline +http:\/\/localhost:\d+/)
    const page = await fetch(`${first.url}/sign-in`)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Sign in')])
    const pids = CHILDREN.map(first.pidOf)
    expect(await first.stop()).toBe(0)
    expect(pids.filter(isAlive)).toEqual([])

    const second = await startLocalStack({ dataDir: first.dataDir })
    onTestFinished(() => second.dispose())
    await second.says(/first run completed/)
    const { userKey } = second.demo()
    expect((await connectApi({ url: second.url, key: userKey }).runs.list.query({ filter: {} })).items.length).toBeGreaterThanOrEqual(2)
    expect(await second.stop()).toBe(0)
  })

  test('is not held up by a supervisor that was killed: its children end and the next start takes over', async () => {
    const killed = await startLocalStack()
    await killed.says(/first run completed/)
    const pids = CHILDREN.map(killed.pidOf)
    process.kill(killed.pid, 'SIGKILL')
    await killed.exited
    const next = await startLocalStack({ dataDir: killed.dataDir })
    onTestFinished(() => next.dispose())
    await next.says(/first run completed/)
    await until(() => pids.every((pid) => !isAlive(pid)))
    expect(await next.stop()).toBe(0)
  })

  test('a taken port is one clear line', async () => {
    const port = await freePorts(4)
    const server = createServer().listen(port)
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const stack = await startLocalStack({ port })
    expect(await stack.exited).toBe(1)
    expect(complaints(stack.output())).toEqual([
      `✗ Port ${port} is taken by another program. Choose another: npm start -- --port ${port + 100}`,
    ])
  })

  test('a broken data folder is one clear line', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'towline-broken-'))
    mkdirSync(join(dataDir, 'database/postgres'), { recursive: true })
    writeFileSync(join(dataDir, 'database/postgres/garbage'), 'x')
    const stack = await startLocalStack({ dataDir })
    expect(await stack.exited).toBe(1)
    expect(complaints(stack.output())).toEqual([
      expect.stringMatching(/^✗ .*not a PostgreSQL data folder.*Move it away to start afresh\.$/),
    ])
  })

  test('a second start in the same folder says where the first one is', async () => {
    const first = await startLocalStack()
    onTestFinished(() => first.dispose())
    await first.says(/first run completed/)
    const second = await startLocalStack({ dataDir: first.dataDir })
    expect(await second.exited).toBe(1)
    expect(complaints(second.output())).toEqual([expect.stringContaining(`already runs here (pid ${first.pid}, ${first.url})`)])
  })
})

const complaints = (output: string): string[] =>
  output.split('\n').filter((line) => line !== '' && !line.startsWith('✓') && !line.includes('Stopping'))
