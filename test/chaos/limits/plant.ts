import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../bench/paths.ts'
import type { HolderSettings } from './holder-agent.ts'
import { writeMark } from './marks.ts'
import type { Random } from './random.ts'

export type Kind = 'gateway' | 'scheduler' | 'agent'

/** One process of the plant: killed as by the kernel, started again as by a supervisor. */
export type Machine = { kind: Kind; name: string; isAlive(): boolean; start(): void; kill(): Promise<void> }

const machine = (kind: Kind, name: string, launch: () => ChildProcess, died: (pid: number) => void = () => undefined): Machine => {
  let child: ChildProcess | null = null
  const isAlive = (): boolean => child !== null && child.exitCode === null && child.signalCode === null
  process.on('exit', () => child?.kill('SIGKILL'))
  return {
    kind,
    name,
    isAlive,
    start: () => {
      if (isAlive()) return
      const own = launch()
      child = own
      own.once('exit', () => died(own.pid ?? 0))
    },
    kill: async () => {
      if (!child || !isAlive()) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

type Options = {
  databaseUrl: string
  firstPort: number
  folder: string
  marks: string
  random: Random
  agents: { name: string; key: string }[]
}

/** Two gateways, two schedulers and the agents, each a process; they share nothing but the database. */
export const buildPlant = ({ databaseUrl, firstPort, folder, marks, random, agents }: Options): Machine[] => {
  const log = openSync(join(folder, 'plant.log'), 'a')
  const env = {
    ...process.env,
    TOWLINE_DATABASE_URL: databaseUrl,
    TOWLINE_SECRET: 'only-for-chaos-only-for-chaos-only-for-chaos',
    TOWLINE_HEARTBEAT_SECONDS: '1',
    TOWLINE_DATABASE_CONNECTIONS: '8',
    TOWLINE_LOG_LEVEL: 'warn',
  }
  const app = (name: string, more: NodeJS.ProcessEnv): ChildProcess =>
    spawn(process.execPath, [join(root, `apps/${name}/dist/${name}.mjs`)], { env: { ...env, ...more }, stdio: ['ignore', log, log] })
  const gateways = [firstPort, firstPort + 1]
  const holder = bundleHolder(folder)
  return [
    ...gateways.map((port, index) =>
      machine('gateway', `gateway ${index + 1}`, () =>
        app('gateway', { TOWLINE_GATEWAY_PORT: String(port), TOWLINE_GATEWAY_URL: `http://127.0.0.1:${port}` }),
      ),
    ),
    ...[2, 3].map((offset) =>
      machine('scheduler', `scheduler ${offset - 1}`, () => app('scheduler', { TOWLINE_SCHEDULER_PORT: String(firstPort + offset) })),
    ),
    ...agents.map(({ name, key }) => {
      let agentId: string | null = null
      const launch = (): ChildProcess => {
        const settings: HolderSettings = {
          name,
          key,
          gateways: gateways.map((port) => `http://127.0.0.1:${port}`),
          capacity: 10,
          marks,
          seed: random.int(0, 2 ** 31),
          // As if its disk were lost, now and then: then only the end of the leases frees what it held.
          agentId: random.chance(0.5) ? agentId : null,
        }
        const child = spawn(process.execPath, [holder, JSON.stringify(settings)], { stdio: ['ignore', log, log, 'ipc'] })
        child.on('message', (told: { agentId: string }) => {
          agentId = told.agentId
        })
        return child
      }
      return machine('agent', name, launch, (pid) => writeMark(marks, { mark: 'death' }, pid))
    }),
  ]
}

/** Once: the process is started often, and soon after it was killed. */
const bundleHolder = (folder: string): string => {
  const outfile = join(folder, 'holder-process.cjs')
  const options = ['--bundle', '--platform=node', '--target=node20', '--format=cjs', '--log-level=error', `--outfile=${outfile}`]
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [join(root, 'test/chaos/limits/holder-process.ts'), ...options], {
    stdio: 'inherit',
  })
  return outfile
}
