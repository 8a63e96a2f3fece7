import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRuns } from '@towline/engine/runs/create-runs'
import type { ControlPlane } from './control-plane.ts'
import { root } from './paths.ts'
import { median, monotonicMs, type Percentiles, percentiles } from './stats.ts'

const IDLE_MS = 5000

/** The shipped agent: how long until it serves, what it holds in memory when it has nothing to do. */
export const measureAgentStart = async (
  plane: ControlPlane,
  agentKey: string,
  starts: number,
): Promise<{ connectedMs: number; rssMb: number }> => {
  const connected: number[] = []
  const resident: number[] = []
  for (let start = 0; start < starts; start += 1) {
    const agent = await startAgent(plane, agentKey)
    connected.push(agent.connectedMs)
    if (start === 0) {
      await sleep(IDLE_MS)
      resident.push(residentMb(agent.child))
    }
    await agent.stop()
  }
  return { connectedMs: median(connected), rssMb: median(resident) }
}

/** What Node costs by itself, on this machine, in this minute. */
export const measureBareNode = async (): Promise<{ startMs: number; rssMb: number }> => {
  const started: number[] = []
  let rssMb = 0
  for (let round = 0; round < 5; round += 1) {
    const before = monotonicMs()
    const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    started.push(monotonicMs() - before)
    rssMb = residentMb(child)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return { startMs: median(started), rssMb }
}

/** From the create to the first line of the user's own program, through gateway, agent and process launcher. */
export const measureLaunch = async (plane: ControlPlane, samples: number): Promise<Percentiles> => {
  const arrivals: ((at: number) => void)[] = []
  const server = createServer((socket) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => arrivals.shift()?.(Number(text)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const program = `const at = Number(process.hrtime.bigint()) / 1e6; require('node:net').connect(${port}, '127.0.0.1').end(String(at))`
  const { agentKey } = await plane.addPool('launch', ['node', '-e', program])
  const agent = await startAgent(plane, agentKey)
  const times: number[] = []
  for (let sample = -3; sample < samples; sample += 1) {
    const arrived = new Promise<number>((resolve) => arrivals.push(resolve))
    const start = monotonicMs()
    await createRuns(plane.engine, { workspaceId: plane.workspaceId, actor: 'bench', runs: [{ deployment: 'launch' }] })
    const at = await arrived
    if (sample >= 0) times.push(at - start)
    await sleep(150)
  }
  await agent.stop()
  server.close()
  return percentiles(times)
}

const startAgent = async (plane: ControlPlane, agentKey: string) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'towline-bench-agent-'))
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TOWLINE_GATEWAY_URL: plane.gatewayUrl,
    TOWLINE_AGENT_KEY: agentKey,
    TOWLINE_AGENT_DATA_DIR: dataDir,
  }
  const before = monotonicMs()
  const child = spawn(process.execPath, [join(root, 'apps/agent/dist/agent.mjs')], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  const connectedMs = await new Promise<number>((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      said += chunk
      if (said.includes('Connected as')) resolve(monotonicMs() - before)
    })
    child.once('exit', (code) => reject(new Error(`the agent ended with ${code}: ${said}`)))
  })
  return {
    child,
    connectedMs,
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const residentMb = ({ pid }: ChildProcess): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
