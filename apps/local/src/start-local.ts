import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createBus } from '@towline/db/bus'
import { openDb } from '@towline/db/open-db'
import { systemClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import { ControlPlane } from './control-plane.ts'
import { type Demo, readCredentials, writeCredentials } from './credentials.ts'
import { type Database, migrateDatabase, startDatabase } from './database.ts'
import { deployExamples, launchFirstRun } from './first-run.ts'
import { assertPortFree } from './ports.ts'
import { bold, dim, green, print, red, seconds, step } from './progress.ts'
import { Refusal } from './refusal.ts'
import { RunRecord } from './run-record.ts'
import { seedDemo } from './seed-demo.ts'
import type { Settings } from './settings.ts'
import { buildDashboard } from './web-build.ts'

type Handle = { stop: () => Promise<void>; kill: () => void }
type Options = { settings: Settings; signal: AbortSignal; hold: (handle: Handle) => void }

const log = createLogger('local', { level: process.env.TOWLINE_LOG_LEVEL || 'error' })
const onCrash = (name: string, how: string, restartInMs: number): void =>
  print(`${red('!')} ${name} ended (${how}); starting again in ${seconds(restartInMs)}`)

/** Brings everything up in the order in which it is needed; what is up so far is handed out, so that a stop half-way reaches it. */
export const startLocal = async ({ settings, signal, hold }: Options): Promise<void> => {
  const startedAt = Number(process.env.TOWLINE_STARTED_AT ?? Date.now())
  prepareDataDir(settings.dataDir)
  const record = await RunRecord.open(settings.dataDir, settings.webPort)
  for (const port of [settings.webPort, settings.gatewayPort, settings.agentPort, settings.schedulerPort]) await assertPortFree(port)
  const credentials = readCredentials(settings.dataDir)

  let database: Database | null = null
  let plane: ControlPlane | null = null
  hold({
    stop: async () => {
      await plane?.stop()
      await database?.stop()
      record.close()
    },
    kill: () => plane?.kill(),
  })

  database = await step(
    'database',
    () => startDatabase({ settings, log, onCrash }),
    ({ note }) => note,
  )
  signal.throwIfAborted()
  const url = database.url
  await step('schema', () => migrateDatabase(url, !settings.databaseUrl))
  const demo =
    credentials.demo ??
    (await step(
      'demo',
      () => createDemo(url),
      ({ workspace }) => `workspace ${workspace}`,
    ))
  if (!credentials.demo) writeCredentials(settings.dataDir, { ...credentials, demo })
  signal.throwIfAborted()

  const running = new ControlPlane({ settings, record, databaseUrl: url, secret: credentials.secret, signal, onCrash })
  plane = running
  await step('control plane', () => Promise.all([running.startServers(), running.startWeb(demo)]))
  await step(
    'agent',
    () => running.startAgent(demo.agentKey),
    () => `pool ${demo.pool}`,
  )
  const cli = { root: settings.root, apiUrl: running.apiUrl, demo, signal }
  const dashboardSince = Date.now()
  const dashboard = buildDashboard(settings.root, settings.dataDir, signal)
    .then(() => running.openPages())
    .catch((error: unknown) => error as Error)
  await step('examples', () => deployExamples(cli))
  const completed = await launchFirstRun(cli)
  print(
    completed
      ? `${green('✓')} first run completed ${dim(`${seconds(Date.now() - startedAt)} after the start`)}`
      : `${red('✗')} the run did not complete`,
  )
  const failure = await dashboard
  if (signal.aborted) return
  if (failure) print(`${red('✗')} ${failure.message}`)
  else print(`${green('✓')} dashboard      ${dim(seconds(Date.now() - dashboardSince))}`)
  printNextSteps(running.apiUrl, demo, settings)
}

const prepareDataDir = (dataDir: string): void => {
  try {
    mkdirSync(join(dataDir, 'logs'), { recursive: true })
    accessSync(dataDir, constants.W_OK)
  } catch (error) {
    throw new Refusal(
      `The data folder ${dataDir} cannot be used (${(error as Error).message}). Set TOWLINE_DATA_DIR to a folder that this user may write to.`,
    )
  }
}

const createDemo = async (url: string): Promise<Demo> => {
  const db = await openDb({ url, applicationName: 'towline-local', maxConnections: 4 })
  const bus = await createBus(db)
  try {
    return await seedDemo({ db, bus, clock: systemClock, log })
  } finally {
    await bus.close()
    await db.close()
  }
}

const printNextSteps = (apiUrl: string, demo: Demo, { dataDir }: Settings): void =>
  print(
    [
      '',
      `  ${bold('Towline')}   ${bold(apiUrl)}`,
      `  sign in   ${demo.email}  ${demo.password}`,
      '',
      `  ${dim('next')}      npx towline login --url ${apiUrl}`,
      `            npx towline run hello --watch`,
      `  ${dim('logs')}      ${join(dataDir, 'logs')}`,
      `  ${dim('stop')}      Ctrl-C`,
      '',
    ].join('\n'),
  )
