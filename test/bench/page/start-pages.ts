import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { until } from '@towline/service/until'
import { freePorts } from '../../support/free-ports.ts'
import { type ControlPlane, SECRET } from '../control-plane.ts'
import { root } from '../paths.ts'

/** The web process as it is shipped, on the database of the benchmark. */
export const startPages = async (plane: ControlPlane): Promise<{ url: string; stop: () => Promise<void> }> => {
  const port = await freePorts(1)
  const url = `http://localhost:${port}`
  const web = spawn(process.execPath, ['dist/server.mjs'], {
    cwd: join(root, 'apps/web'),
    env: {
      ...process.env,
      NODE_ENV: 'production',
      TOWLINE_DATABASE_URL: plane.databaseUrl,
      TOWLINE_SECRET: SECRET,
      TOWLINE_WEB_PORT: String(port),
      TOWLINE_PUBLIC_URL: url,
      TOWLINE_GATEWAY_URL: plane.gatewayUrl,
      NEXTAUTH_URL: url,
      TOWLINE_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await until(async () => (await fetch(`${url}/sign-in`).catch(() => null))?.ok === true, {
    what: 'the dashboard',
    timeoutMs: 60_000,
    intervalMs: 100,
  })
  return {
    url,
    stop: async () => {
      const ended = once(web, 'exit')
      web.kill('SIGKILL')
      await ended
    },
  }
}
