import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Child } from './child.ts'
import type { Demo } from './credentials.ts'
import type { RunRecord } from './run-record.ts'
import type { Settings } from './settings.ts'
import { waitUntilReady } from './wait-until-ready.ts'

type Options = {
  settings: Settings
  record: RunRecord
  databaseUrl: string
  secret: string
  signal: AbortSignal
  onCrash: (name: string, how: string, restartInMs: number) => void
}

/** The processes that `npm start` keeps alive: the same programs that run in production, each with its own log. */
export class ControlPlane {
  readonly #options: Options
  readonly #children: Child[] = []

  constructor(options: Options) {
    this.#options = options
  }

  get #pagesBuilt(): string {
    return join(this.#options.settings.dataDir, 'pages-built')
  }

  get apiUrl(): string {
    return `http://localhost:${this.#options.settings.webPort}`
  }

  get gatewayUrl(): string {
    return `http://localhost:${this.#options.settings.gatewayPort}`
  }

  async startServers(): Promise<void> {
    this.#spawn('gateway', ['dist/gateway.mjs'])
    this.#spawn('scheduler', ['dist/scheduler.mjs'])
    await this.#ready('gateway', `${this.gatewayUrl}/readyz`)
  }

  /** The API answers at once; the pages follow when the dashboard is built. */
  async startWeb(demo: Demo): Promise<void> {
    rmSync(this.#pagesBuilt, { force: true })
    this.#spawn('web', ['dist/server.mjs'], {
      TOWLINE_WEB_BUILT_FILE: this.#pagesBuilt,
      TOWLINE_DEMO_EMAIL: demo.email,
      TOWLINE_DEMO_PASSWORD: demo.password,
    })
    await this.#ready('web', `${this.apiUrl}/healthz`)
  }

  /** The pages are built: the web process loads them now. */
  async openPages(): Promise<void> {
    writeFileSync(this.#pagesBuilt, '')
    await this.#ready('dashboard', `${this.apiUrl}/sign-in`)
  }

  async startAgent(key: string): Promise<void> {
    this.#spawn('agent', ['dist/agent.mjs'], {
      TOWLINE_GATEWAY_URL: this.gatewayUrl,
      TOWLINE_AGENT_KEY: key,
      TOWLINE_AGENT_NAME: 'local',
      TOWLINE_AGENT_DATA_DIR: join(this.#options.settings.dataDir, 'agent'),
      TOWLINE_AGENT_HEALTH_PORT: String(this.#options.settings.agentPort),
    })
    await this.#ready('agent', `http://127.0.0.1:${this.#options.settings.agentPort}/healthz`)
  }

  /** The agent first, while the gateway still takes its reports; the gateway last. */
  async stop(): Promise<void> {
    const named = (name: string) =>
      this.#children.filter((child) => child.name === name).map((child) => child.stop({ hurryMs: 1500, graceMs: 6000 }))
    await Promise.all(named('agent'))
    await Promise.all([...named('web'), ...named('scheduler')])
    await Promise.all(named('gateway'))
  }

  kill(): void {
    for (const child of this.#children) child.kill()
  }

  #spawn(name: string, args: string[], env: NodeJS.ProcessEnv = {}): void {
    const { settings, record, databaseUrl, secret, onCrash } = this.#options
    const cwd = join(settings.root, 'apps', name)
    if (!existsSync(join(cwd, args[0] ?? ''))) throw new Error(`${name} is not built: ${join(cwd, args[0] ?? '')} is missing`)
    const server = {
      TOWLINE_DATABASE_URL: databaseUrl,
      TOWLINE_SECRET: secret,
      TOWLINE_WEB_PORT: String(settings.webPort),
      TOWLINE_GATEWAY_PORT: String(settings.gatewayPort),
      TOWLINE_SCHEDULER_PORT: String(settings.schedulerPort),
      TOWLINE_PUBLIC_URL: this.apiUrl,
      TOWLINE_GATEWAY_URL: this.gatewayUrl,
      NEXTAUTH_URL: this.apiUrl,
    }
    const own = name === 'agent' ? {} : server
    this.#children.push(
      new Child({
        name,
        args,
        cwd,
        env: { ...inherited(), ...own, ...env },
        root: settings.root,
        logDir: join(settings.dataDir, 'logs'),
        onSpawn: (child, pid) => record.add(child, pid),
        onCrash,
      }),
    )
  }

  #ready(name: string, url: string): Promise<void> {
    const { settings, signal } = this.#options
    return waitUntilReady({
      name,
      url,
      signal,
      crashes: () => this.#children.find((child) => child.name === name)?.crashes ?? 0,
      timeoutMs: 60_000,
      logFile: join(settings.dataDir, 'logs', `${name}.log`),
    })
  }
}

/** What the terminal set for itself; npm's own variables and our settings stay out, the settings are given anew. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env)
      .filter(([name]) => !/^(npm_|TOWLINE_(?!LOG_LEVEL)|DATABASE_URL$|PORT$)/.test(name))
      .concat([['NODE_ENV', 'production']]),
  )
