import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'

/** Builds the dashboard's pages beside everything else; cached when nothing changed since the last time. */
export const buildDashboard = (root: string, dataDir: string, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const logFile = join(dataDir, 'logs', 'web-build.log')
    const log = createWriteStream(logFile)
    const turbo = join(root, 'node_modules/.bin/turbo')
    const env = {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
      NEXT_TELEMETRY_DISABLED: '1',
      NODE_ENV: 'production',
    }
    const child = spawn(turbo, ['run', 'build', '--filter=@towline/web', '--output-logs=new-only'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    })
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    const stop = (): void => {
      if (child.pid === undefined || child.exitCode !== null) return
      if (process.platform === 'win32') child.kill()
      else process.kill(-child.pid, 'SIGTERM')
    }
    signal.addEventListener('abort', stop, { once: true })
    child.once('error', reject)
    child.once('exit', (code) => {
      signal.removeEventListener('abort', stop)
      if (code === 0) resolve()
      else if (signal.aborted) reject(signal.reason)
      else reject(new Error(`The dashboard could not be built. Its log says why: ${logFile}`))
    })
  })
