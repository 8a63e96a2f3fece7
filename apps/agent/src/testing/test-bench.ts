import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, type Logger } from '@towline/service/logger'
import { until } from '@towline/service/until'
import { Agent, type AgentSettings } from '../agent.ts'
import { openDataDir } from '../data-dir.ts'
import type { LinkEnd } from '../link.ts'
import { createPoolLauncher } from '../pool-launcher.ts'
import { FakeGateway } from './fake-gateway.ts'

const silent: Logger = createLogger('agent', { level: process.env.TOWLINE_LOG_LEVEL ?? 'silent' })

/** A fake gateway, a data folder, and agents one after the other on it, with the real process launcher. */
export const openBench = async ({ folder = mkdtempSync(join(tmpdir(), 'towline-agent-')), log = silent } = {}) => {
  const gateway = await FakeGateway.open()
  const agents: { agent: Agent; ended: Promise<LinkEnd | null> }[] = []
  const start = async (more: Partial<AgentSettings> = {}) => {
    const dataDir = openDataDir(folder)
    const agent = new Agent({
      url: gateway.url,
      key: 'tla_test',
      name: 'bench',
      capacity: 4,
      runApiUrl: null,
      dataDir,
      log,
      createLauncher: createPoolLauncher({ dataDir: folder, log }),
      retryBaseMs: 20,
      ...more,
    })
    await agent.restore()
    const started = { agent, ended: agent.run() }
    agents.push(started)
    return started
  }
  return {
    gateway,
    folder,
    start,
    spooled: () => readdirSync(join(folder, 'spool')),
    /** Everything of every run is gone: reports, lines, processes, files. */
    empty: () =>
      until(() => readdirSync(join(folder, 'spool')).length === 0 && agents.at(-1)?.agent.counts().ended === 0, { what: 'an empty spool' }),
    close: async () => {
      for (const { agent } of agents) {
        await agent.kill()
        await agent.stop()
      }
      await gateway.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export type Bench = Awaited<ReturnType<typeof openBench>>
