import type { CloseReason } from '@towline/contract/close-reasons'
import { createLogger } from '@towline/service/logger'
import { Agent, LauncherError } from './agent.ts'
import { type DataDir, openDataDir } from './data-dir.ts'
import { EXIT } from './exit-codes.ts'
import { type AgentOptions, readOptions, USAGE, UsageError, VERSION } from './options.ts'
import { createPoolLauncher } from './pool-launcher.ts'
import { onSignals } from './signals.ts'

const log = createLogger('agent')

/** Ends the process with a sentence that a person can act on. */
const fail = (text: string, code: number): never => {
  process.stderr.write(`towline-agent: ${text}\n`)
  process.exit(code)
}

/** No agent can renew these leases any more: what runs here will start elsewhere, so it is ended. Otherwise a right agent adopts it. */
const LEASES_END: ReadonlySet<CloseReason> = new Set(['key_revoked', 'key_expired', 'pool_deleted'])

const serve = async (options: AgentOptions, dataDir: DataDir): Promise<number> => {
  const agent = new Agent({ ...options, dataDir, log, createLauncher: createPoolLauncher({ dataDir: dataDir.path, log }) })
  let exitCode: number = EXIT.ok
  onSignals([
    (signal) => void agent.drain(signal).then(() => agent.stop()),
    () => {
      log.warn('Told to stop twice: killing the runs')
      exitCode = EXIT.forced
      void agent.kill().then(() => agent.stop())
    },
    () => process.exit(EXIT.forced),
  ])
  if (options.healthPort !== null) {
    const { startHealthServer } = await import('./health-server.ts')
    const { port } = await startHealthServer(agent, options.healthPort)
    log.info({ port }, 'Serving /healthz and /metrics')
  }
  await agent.restore()
  const refusal = await agent.run()
  if (refusal === null) return exitCode
  log.error({ reason: refusal.text }, 'The gateway refused this agent for good')
  if (refusal.reason !== null && LEASES_END.has(refusal.reason)) await agent.abandonRuns()
  await agent.stop()
  process.stderr.write(`towline-agent: ${refusal.text}\n`)
  return EXIT.refused
}

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options === 'help') return void process.stdout.write(USAGE)
  if (options === 'version') return void process.stdout.write(`${VERSION}\n`)
  const dataDir = openDataDir(options.dataDir)
  process.on('exit', () => dataDir.release())
  process.exit(await serve(options, dataDir))
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) fail(error.message, EXIT.usage)
  if (error instanceof LauncherError) fail(error.message, EXIT.launcher)
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') fail('--health-port: the port is taken', EXIT.usage)
  log.fatal({ err: error }, 'The agent failed')
  process.exit(EXIT.failed)
})
